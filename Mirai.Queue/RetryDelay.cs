namespace Mirai.Queue;

/// <summary>The retry delays that come with Mirai.</summary>
public static class RetryDelay
{
    private const int BaseSeconds = 15;
    private const int JitterBound = 30; // exclusive: the jitter is 0 to 29

    // A delay after 900 retries is 20,000 years; a little more, and TimeSpan cannot hold the delay.
    private const int LargestPower = 900;

    /// <summary>Asynq's formula (docs/wire.md, "Default retry delay"): n⁴ + 15 + r × (n + 1) seconds, where n is the
    /// number of retries used before and r is random from 0 to 29. The first delay is 15 to 44 s, the 25th some four
    /// days.</summary>
    public static Func<RetryDelayArguments, TimeSpan> Default { get; } = static arguments =>
        Asynq(arguments.Retried, Random.Shared.Next(JitterBound));

    internal static TimeSpan Asynq(int retried, int jitter)
    {
        var n = Math.Clamp(retried, 0, LargestPower);
        return TimeSpan.FromSeconds((long)Math.Pow(n, 4) + BaseSeconds + (jitter * (n + 1L)));
    }
}

/// <summary>The failure for which a retry delay is computed.</summary>
public readonly struct RetryDelayArguments
{
    /// <summary>Describes a failure; the worker does this for every failed attempt, and tests may.</summary>
    /// <param name="retried">How many retries were used before this failure: 0 at the first.</param>
    /// <param name="exception">The exception of the handler.</param>
    /// <param name="taskType">The type of the task.</param>
    /// <param name="maxRetry">How many retries the task has.</param>
    public RetryDelayArguments(
        int retried, Exception exception, string taskType, int maxRetry = EnqueueOptions.DefaultMaxRetry)
    {
        Retried = retried;
        Exception = exception;
        TaskType = taskType;
        MaxRetry = maxRetry;
    }

    /// <summary>How many retries were used before this failure: 0 at the first.</summary>
    public int Retried { get; }

    /// <summary>How many retries the task has.</summary>
    public int MaxRetry { get; }

    /// <summary>The exception of the handler.</summary>
    public Exception Exception { get; }

    /// <summary>The type of the task.</summary>
    public string TaskType { get; }
}
