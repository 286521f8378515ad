using Mirai.Platform;
using Mirai.Platform.Generation;
using Mirai.Queue;

namespace Mirai.Worker.Handlers;

/// <summary>Enqueues the tasks of generation jobs that can run.</summary>
internal sealed class AiGenerationPollHandler(GenerationJobStore jobs) : ITaskHandler<AiGenerationPoll>
{
    public Task HandleAsync(AiGenerationPoll task, TaskContext context, CancellationToken cancellationToken) =>
        jobs.PollAsync(cancellationToken);
}
