namespace Mirai.Faults.Worker;

/// <summary>The settings of a test worker, as its process receives them.</summary>
/// <param name="RedisUrl">The address of Redis, or of a proxy before Redis.</param>
internal sealed record WorkerSettings(string RedisUrl)
{
    /// <summary>The queues to serve, all of the same weight.</summary>
    public string[] Queues { get; init; } = ["default"];

    public int Concurrency { get; init; } = 10;

    /// <summary>How far the clock of the worker is ahead of the clock of the machine.</summary>
    public TimeSpan ClockOffset { get; init; }

    /// <summary>How long handlers may go on after SIGTERM.</summary>
    public TimeSpan ShutdownTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The times of leases and upkeep; <see langword="null"/> keeps the defaults of the library.</summary>
    public WorkerTimes? Times { get; init; }
}

/// <summary>Times of leases and upkeep that are internal to the library, so that a test need not wait for the times of
/// production.</summary>
internal sealed record WorkerTimes
{
    /// <summary>About a third of the times of production. Heartbeats must be further apart than the looks of a worker
    /// at its neighbours (1 s), and a busy machine delays heartbeats by seconds.</summary>
    public static readonly WorkerTimes Short = new();

    /// <summary>The times of production, which Go's workers use, too.</summary>
    public static readonly WorkerTimes Production = new()
    {
        Lease = TimeSpan.FromSeconds(30), Heartbeat = TimeSpan.FromSeconds(5),
        ServerLifetime = TimeSpan.FromSeconds(10), RecoveryTolerance = TimeSpan.FromSeconds(30),
        Upkeep = TimeSpan.FromSeconds(15),
    };

    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(8);

    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(2);

    public TimeSpan ServerLifetime { get; init; } = TimeSpan.FromSeconds(5);

    public TimeSpan RecoveryTolerance { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The pause between two passes of recovery, forwarding and the janitor.</summary>
    public TimeSpan Upkeep { get; init; } = TimeSpan.FromSeconds(1);
}
