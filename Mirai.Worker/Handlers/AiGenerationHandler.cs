using Mirai.Platform;
using Mirai.Platform.Generation;
using Mirai.Queue;

namespace Mirai.Worker.Handlers;

/// <summary>Makes a course, or writes the lessons of one. Running it again goes on where it was left, and changes
/// nothing once the job is finished.</summary>
internal sealed partial class AiGenerationHandler(IGenerationJobs jobs, ILogger<AiGenerationHandler> logger)
    : ITaskHandler<AiGeneration>
{
    // Who asks for more is asked again all the same: its clock may be wrong.
    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);

    public async Task HandleAsync(AiGeneration task, TaskContext context, CancellationToken cancellationToken)
    {
        GenerationJob? job;
        try
        {
            job = await jobs.RunAsync(task.JobId, cancellationToken);
        }
        catch (Exception exception) when (
            exception is not ModelBusyException && context.Retried >= context.MaxRetry
            && !cancellationToken.IsCancellationRequested)
        {
            // Nobody will try again: whoever waits for the job must learn that.
            await jobs.FailAsync(task.JobId, ReasonOf(exception), cancellationToken);
            throw;
        }

        switch (job)
        {
            case null:
                throw new SkipRetryException($"There is no generation job {task.JobId}.");
            case { State: GenerationState.Failed, FailureReason: var reason }:
                throw new SkipRetryException(reason!);
            default:
                LogDone(logger, job.Id, job.State, job.CourseId);
                break;
        }
    }

    /// <summary>The pause that a busy model asks for, at most <see cref="LongestPause"/>; the default delay for every
    /// other failure.</summary>
    public static TimeSpan RetryDelay(RetryDelayArguments arguments) =>
        arguments.Exception is ModelBusyException { RetryAfter: var wait }
            ? TimeSpan.FromSeconds(Math.Ceiling(Math.Min(wait.TotalSeconds, LongestPause.TotalSeconds)))
            : Mirai.Queue.RetryDelay.Default(arguments);

    private static string ReasonOf(Exception exception) => exception is ModelFailedException
        ? exception.Message
        : "The job could not be done. Ask for it again later.";

    [LoggerMessage(
        Level = LogLevel.Information, Message = "Generation job {JobId} is {State}; its course is {CourseId}")]
    private static partial void LogDone(ILogger logger, Guid jobId, GenerationState state, Guid courseId);
}
