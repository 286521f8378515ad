using Mirai.Platform;
using Mirai.Platform.Generation;
using Mirai.Queue;

namespace Mirai.Worker.Handlers;

/// <summary>Generates a course, or writes the lessons of one. Running the task again continues where the last run
/// stopped, and changes nothing once the job is finished.</summary>
internal sealed partial class AiGenerationHandler(GenerationJobStore jobs, ILogger<AiGenerationHandler> logger)
    : ITaskHandler<AiGeneration>
{
    // An endpoint that asks for a longer pause is asked earlier all the same: its clock may be wrong.
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
            // The last attempt: whoever waits for the job must see that it failed.
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
        : "The job could not be done. Create it again later.";

    [LoggerMessage(
        Level = LogLevel.Information, Message = "Generation job {JobId} is {State}; its course is {CourseId}")]
    private static partial void LogDone(ILogger logger, Guid jobId, GenerationState state, Guid courseId);
}
