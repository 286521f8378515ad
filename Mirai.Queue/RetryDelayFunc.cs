namespace Mirai.Queue;

/// <summary>Says how long a failed task waits for its next attempt.</summary>
/// <param name="retried">How many retries were used before this failure: 0 at the first.</param>
/// <param name="exception">What the handler threw.</param>
/// <param name="taskType">The task's type.</param>
/// <returns>A pause; whole seconds count, and a negative one means at once.</returns>
public delegate TimeSpan RetryDelayFunc(int retried, Exception exception, string taskType);
