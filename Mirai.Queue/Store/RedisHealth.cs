using Microsoft.Extensions.Logging;

namespace Mirai.Queue.Store;

/// <summary>Whether Redis answers the loops of a server or scheduler. Writes one log message for each
/// change.</summary>
internal sealed partial class RedisHealth(TimeProvider time, ILogger<RedisHealth> logger)
{
    private readonly Lock gate = new();
    private DateTimeOffset? awaySince;

    /// <summary>When Redis stopped answering; <see langword="null"/> while Redis answers.</summary>
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

    /// <summary>When Redis began to answer again, or for the first time.</summary>
    public DateTimeOffset BackSince { get; private set; } = time.GetUtcNow();

    /// <summary>A call was answered.</summary>
    public void Succeeded()
    {
        if (awaySince is null) // without the lock: the next call corrects a stale value
        {
            return;
        }

        lock (gate)
        {
            if (awaySince is { } since)
            {
                awaySince = null;
                BackSince = time.GetUtcNow();
                LogBack(logger, BackSince - since);
            }
        }
    }

    /// <summary>A call was not answered.</summary>
    public void Failed(Exception exception)
    {
        lock (gate)
        {
            if (awaySince is null)
            {
                awaySince = time.GetUtcNow();
                LogAway(logger, exception.Message);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "Redis does not answer. Mirai repeats its commands until Redis answers; check that Redis runs and "
            + "can be reached. {Reason}")]
    private static partial void LogAway(ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Redis answers again, after {Duration}.")]
    private static partial void LogBack(ILogger logger, TimeSpan duration);
}
