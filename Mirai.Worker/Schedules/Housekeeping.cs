using Mirai.Platform;
using Mirai.Queue;
using Mirai.Queue.Hosting;

namespace Mirai.Worker.Schedules;

/// <summary>What is done by the clock. Every worker has the schedule; each tick is enqueued once.</summary>
internal static class Housekeeping
{
    /// <summary>Adds it. Without a key of Stripe's there is nothing to reconcile with.</summary>
    public static MiraiQueueBuilder AddHousekeeping(this MiraiQueueBuilder queue, IConfiguration configuration)
    {
        queue.AddPeriodicTask("@hourly", new CleanupExpired(), AloneAndNotForgotten);

        return string.IsNullOrEmpty(configuration["Stripe:ApiKey"])
            ? queue
            : queue.AddPeriodicTask("*/15 * * * *", new StripeReconcile(), AloneAndNotForgotten);
    }

    // Each run looks at all that is there: one at a time is enough, and one makes up for all that were missed.
    private static PeriodicTask AloneAndNotForgotten(PeriodicTask task) =>
        task with { Overlap = OverlapPolicy.Skip, Missed = MissedTickPolicy.Once };
}
