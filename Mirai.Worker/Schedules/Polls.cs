using Mirai.Platform;
using Mirai.Queue.Hosting;
using Mirai.Queue.Scheduler;
using Mirai.Queue.Server;

namespace Mirai.Worker.Schedules;

/// <summary>Looks for work every few seconds. Every worker has the schedule; each look happens once.</summary>
internal static class Polls
{
    private const string Spec = "@every 5s";

    public static MiraiQueueBuilder AddPolls(this MiraiQueueBuilder queue)
    {
        // A poll that failed is worth nothing: the next one comes in seconds.
        queue.Services.Configure<QueueServerOptions>(server =>
        {
            server.DropFailed.Add("ai:generation:poll");
            server.DropFailed.Add("sme:ingestion:poll");
        });

        return queue
            .AddPeriodicTask(Spec, new AiGenerationPoll(), OneAtATime)
            .AddPeriodicTask(Spec, new SmeIngestionPoll(), OneAtATime);
    }

    // While no worker runs, or one poll is slow, others would only pile up behind it.
    private static PeriodicTask OneAtATime(PeriodicTask task) => task with { Overlap = OverlapPolicy.Skip };
}
