namespace Mirai.Testing;

/// <summary>Waits for a state of another process that sends no signal, so that a test has to ask again and
/// again.</summary>
public static class RedisWait
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Asks every 20 ms until a condition is true.</summary>
    /// <exception cref="TimeoutException">The condition was still false after the timeout.</exception>
    public static async Task UntilAsync(Func<Task<bool>> condition, TimeSpan timeout, string what)
    {
        var time = TimeProvider.System;
        var started = time.GetTimestamp();
        while (!await condition())
        {
            if (time.GetElapsedTime(started) > timeout)
            {
                throw new TimeoutException($"This did not happen within {timeout}: {what}.");
            }

            await Task.Delay(Pause, time);
        }
    }
}
