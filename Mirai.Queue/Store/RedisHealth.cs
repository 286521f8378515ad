using Microsoft.Extensions.Logging;

namespace Mirai.Queue.Store;

/// <summary>Whether Redis answers, as the loops of a server or scheduler see it. Writes one log line per
/// change.</summary>
internal sealed partial class RedisHealth(TimeProvider time, ILogger<RedisHealth> logger)
{
    private readonly Lock gate = new();
    private DateTimeOffset? awaySince;

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

    /// <summary>When Redis began to answer again, or for the first time.</summary>
    public DateTimeOffset BackSince { get; private set; } = time.GetUtcNow();

    /// <summary>A call was answered.</summary>
    public void Succeeded()
    {
        if (awaySince is null) // read without the lock: a stale value is put right by the next call
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

    [LoggerMessage(Level = LogLevel.Warning, Message = "Redis does not answer; trying until it does: {Reason}")]
    private static partial void LogAway(ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Redis answers again after {Duration}")]
    private static partial void LogBack(ILogger logger, TimeSpan duration);
}
