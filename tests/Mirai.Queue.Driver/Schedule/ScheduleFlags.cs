using Mirai.Queue.Driver.Arguments;

namespace Mirai.Queue.Driver.Schedule;

/// <summary>The scheduler by its flags.</summary>
internal static class ScheduleFlags
{
    public static readonly FlagNames Names = new(["spec", "for", "location", "heartbeat", .. TaskFlags.Names], []);

    /// <summary>What is enqueued, and when.</summary>
    public static PeriodicTask ReadTask(Flags flags) =>
        TaskFlags.Read(flags).CreatePeriodic(flags.Text("spec") ?? throw new FlagException("flag -spec is missing"));

    /// <summary>How long the scheduler runs.</summary>
    public static TimeSpan ReadDuration(Flags flags) => flags.Duration("for") ?? Timeout.InfiniteTimeSpan;

    public static void Apply(Flags flags, QueueSchedulerOptions options)
    {
        options.TimeZone = flags.Text("location") ?? options.TimeZone;
        options.HeartbeatInterval = flags.Duration("heartbeat") ?? options.HeartbeatInterval;
    }
}
