namespace Mirai.Queue.Server;

/// <summary>The retry delays that come with Mirai.</summary>
public static class RetryDelay
{
    private const int BaseSeconds = 15;
    private const int MostJitter = 30; // not reached: the jitter is 0 to 29

    // The formula passes the longest delay there can be long before this; beyond, powers only overflow.
    private const int LargestPower = 1_000;

    /// <summary>Asynq's formula (docs/wire.md, "Default retry delay"): n⁴ + 15 + r × (n + 1) seconds, n being the retries
    /// used before and r random from 0 to 29. 15–44 s at first, some four days at the 25th.</summary>
    public static RetryDelayFunc Default { get; } = static (retried, _, _) => Asynq(retried, Random.Shared.Next(MostJitter));

    internal static TimeSpan Asynq(int retried, int jitter)
    {
        var n = Math.Clamp(retried, 0, LargestPower);
        return TimeSpan.FromSeconds((long)Math.Pow(n, 4) + BaseSeconds + (jitter * (n + 1L)));
    }
}
