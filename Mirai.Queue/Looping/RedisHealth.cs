using Microsoft.Extensions.Logging;

namespace Mirai.Queue.Looping;

/// <summary>Whether Redis answers the loops of a server or scheduler, and how long these wait before they ask again
/// while it does not. Logs when Redis stops answering, a reminder once a minute, and when Redis answers
/// again.</summary>
internal sealed partial class RedisHealth(TimeProvider time, ILogger<RedisHealth> logger)
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(2);

    // Within this time at least one write, the heartbeat, fails again while Redis refuses writes.
    private static readonly TimeSpan WritesProven = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ReminderInterval = TimeSpan.FromMinutes(1);

    private readonly Lock gate = new();
    private long lastAnswer = long.MinValue;
    private DateTimeOffset? awaySince;
    private DateTimeOffset failedAt;
    private bool refusesWrites;
    private volatile bool hasAnswered;
    private string? reason;
    private DateTimeOffset loggedAt;

    /// <summary>When Redis stopped answering; <see langword="null"/> while it does.</summary>
    public DateTimeOffset? AwaySince
    {
        get
        {
            lock (gate)
            {
                return awaySince;
            }
        }
    }

    /// <summary>Why Redis does not serve this process, for health checks; <see langword="null"/> while it
    /// does.</summary>
    public string? AwayReason
    {
        get
        {
            lock (gate)
            {
                return awaySince is null ? null : reason;
            }
        }
    }

    /// <summary>When Redis began to answer again, or for the first time.</summary>
    public DateTimeOffset BackSince { get; private set; } = time.GetUtcNow();

    /// <summary>Whether Redis answered any loop since a moment.</summary>
    /// <param name="moment">A timestamp.</param>
    public bool HasAnsweredSince(long moment) => Volatile.Read(ref lastAnswer) > moment;

    /// <summary>Redis answered a call.</summary>
    public void Succeeded()
    {
        Volatile.Write(ref lastAnswer, time.GetTimestamp());
        if (awaySince is null && hasAnswered) // read without the lock: the next call corrects a stale value
        {
            return;
        }

        lock (gate)
        {
            // A read proves nothing about a Redis that refuses writes.
            var now = time.GetUtcNow();
            if (awaySince is not null && refusesWrites && now - failedAt < WritesProven)
            {
                return;
            }

            var (since, isFirst) = (awaySince, !hasAnswered);
            (awaySince, hasAnswered) = (null, true);
            if (since is not null)
            {
                BackSince = now;
                Log(isFirst, now - since.Value);
            }
        }
    }

    private void Log(bool isFirst, TimeSpan duration)
    {
        if (isFirst)
        {
            LogFirst(logger, duration);
        }
        else
        {
            LogBack(logger, duration);
        }
    }

    /// <summary>Redis did not answer a call.</summary>
    public void Failed(Exception exception)
    {
        lock (gate)
        {
            var now = time.GetUtcNow();
            (reason, failedAt) = (RedisFaults.Summary(exception), now);
            refusesWrites = RedisFaults.RefusesWrites(exception);
            if (awaySince is not { } since)
            {
                (awaySince, loggedAt) = (now, now);
                LogAway(logger, RedisFaults.Explain(exception));
            }
            else if (now - loggedAt >= ReminderInterval)
            {
                loggedAt = now;
                LogStillAway(logger, now - since, RedisFaults.Explain(exception));
            }
        }
    }

    /// <summary>Repeats <paramref name="action"/> until Redis answers, or until it fails with something that repeating
    /// does not mend.</summary>
    public async Task RetryAsync(Func<CancellationToken, Task> action, CancellationToken cancellationToken)
    {
        for (var failures = 0; ; failures++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                await action(cancellationToken).ConfigureAwait(false);
                Succeeded();
                return;
            }
            catch (Exception exception) when (RedisFaults.IsAway(exception))
            {
                Failed(exception);
            }

            await BackOffAsync(failures, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Waits after a failure, longer after each one: a random part of 50 ms, 100 ms, … 2 s. The randomness
    /// ("full jitter") keeps a fleet of workers from coming back in waves.</summary>
    /// <param name="failures">The failures in a row before this one.</param>
    /// <param name="cancellationToken">Ends the wait with an exception.</param>
    public Task BackOffAsync(int failures, CancellationToken cancellationToken)
    {
        var bound = Math.Min(
            LongestDelay.TotalMilliseconds, FirstDelay.TotalMilliseconds * Math.Pow(2, Math.Min(failures, 16)));
        var delay = Math.Max(1, Random.Shared.NextDouble() * bound); // Task.Delay cuts fractions of a millisecond

        return Task.Delay(TimeSpan.FromMilliseconds(delay), time, cancellationToken);
    }

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "Redis does not serve Mirai: {Reason}. Mirai asks again until it does; tasks that run go on " +
            "meanwhile")]
    private static partial void LogAway(ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "Redis has not served Mirai for {Duration}: {Reason}. Mirai asks again until it does")]
    private static partial void LogStillAway(ILogger logger, TimeSpan duration, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Redis answers again after {Duration}")]
    private static partial void LogBack(ILogger logger, TimeSpan duration);

    [LoggerMessage(Level = LogLevel.Information,
        Message = "Redis answers for the first time, {Duration} after the first attempt")]
    private static partial void LogFirst(ILogger logger, TimeSpan duration);
}
