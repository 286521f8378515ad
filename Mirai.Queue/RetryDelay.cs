namespace Mirai.Queue;

/// <summary>The retry delays that come with Mirai.</summary>
public static class RetryDelay
{
    private const int BaseSeconds = 15;
    private const int MostJitter = 30; // not reached: the jitter is 0 to 29

    // 900 retries wait for 20,000 years; soon after, the longest duration there is would not hold the delay.
    private const int LargestPower = 900;

    /// <summary>Asynq's formula (docs/wire.md, "Default retry delay"): n⁴ + 15 + r × (n + 1) seconds, n being the
    /// retries used before and r random from 0 to 29. 15–44 s at first, some four days at the 25th.</summary>
    public static RetryDelayFunc Default { get; } = static (retried, _, _) =>
        Asynq(retried, Random.Shared.Next(MostJitter));

    internal static TimeSpan Asynq(int retried, int jitter)
    {
        var n = Math.Clamp(retried, 0, LargestPower);
        return TimeSpan.FromSeconds((long)Math.Pow(n, 4) + BaseSeconds + (jitter * (n + 1L)));
    }
}
