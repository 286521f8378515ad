using Mirai.Platform;
using Mirai.Queue;
using Mirai.Queue.Hosting;

namespace Mirai.Worker.Schedules;

/// <summary>Schedules the tasks that run by the clock. Every worker has the schedule; each tick is enqueued once.
/// </summary>
internal static class Housekeeping
{
    /// <summary>Adds the schedule. Without <c>Stripe:ApiKey</c> there is no reconciliation.</summary>
    public static MiraiQueueBuilder AddHousekeeping(this MiraiQueueBuilder queue, IConfiguration configuration)
    {
        queue.AddPeriodicTask("@hourly", new CleanupExpired(), OnceForAllMissed);

        return string.IsNullOrEmpty(configuration["Stripe:ApiKey"])
            ? queue
            : queue.AddPeriodicTask("*/15 * * * *", new StripeReconcile(), OnceForAllMissed);
    }

    // Each run looks at everything: one run at a time is enough, and one run makes up for all missed ticks.
    private static PeriodicTask OnceForAllMissed(PeriodicTask task) =>
        task with { Overlap = OverlapPolicy.Skip, Missed = MissedTickPolicy.Once };
}
