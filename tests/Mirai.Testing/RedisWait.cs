namespace Mirai.Testing;

/// <summary>Waits for what a server of its own process tells only when asked.</summary>
public static class RedisWait
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <exception cref="TimeoutException">It did not come true.</exception>
    public static async Task UntilAsync(Func<Task<bool>> condition, TimeSpan timeout, string what)
    {
        var time = TimeProvider.System;
        var started = time.GetTimestamp();
        while (!await condition())
        {
            if (time.GetElapsedTime(started) > timeout)
            {
                throw new TimeoutException($"Waited {timeout} in vain until {what}.");
            }

            await Task.Delay(Pause, time);
        }
    }
}
