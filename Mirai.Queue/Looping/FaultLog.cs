using Microsoft.Extensions.Logging;

namespace Mirai.Queue.Looping;

/// <summary>Logs failures that repeat: a line when one begins, a reminder at most once a minute, a line when it ends.
/// Used by one loop; its passes may report from several threads.</summary>
internal sealed partial class FaultLog(TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan ReminderInterval = TimeSpan.FromMinutes(1);

    private readonly Lock gate = new();
    private readonly Dictionary<string, (string Duty, DateTimeOffset Since, DateTimeOffset LoggedAt)> open = [];

    /// <summary>A duty failed.</summary>
    /// <param name="key">Tells this duty from the others of this log.</param>
    /// <param name="duty">The duty's name in the log.</param>
    /// <param name="exception">The reason.</param>
    public void Failed(string key, string duty, Exception exception)
    {
        var now = time.GetUtcNow();
        lock (gate)
        {
            if (!open.TryGetValue(key, out var fault))
            {
                open.Add(key, (duty, now, now));
                LogFailed(logger, duty, exception);
            }
            else if (now - fault.LoggedAt >= ReminderInterval)
            {
                open[key] = fault with { LoggedAt = now };
                LogFailsStill(logger, duty, now - fault.Since, exception.Message);
            }
        }
    }

    /// <summary>A duty succeeded.</summary>
    public void Succeeded(string key)
    {
        lock (gate)
        {
            if (open.Remove(key, out var fault))
            {
                var duration = time.GetUtcNow() - fault.Since;
                LogSucceeded(logger, fault.Duty, duration);
            }
        }
    }

    /// <summary>Forgets the duties that do not exist any more: no pass will report their end.</summary>
    /// <param name="keys">The duties that exist.</param>
    public void KeepOnly(IReadOnlyCollection<string> keys)
    {
        lock (gate)
        {
            foreach (var key in open.Keys)
            {
                if (!keys.Contains(key, StringComparer.Ordinal))
                {
                    open.Remove(key);
                }
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error,
        Message = "{Duty} failed. Mirai repeats it until it succeeds; everything else goes on")]
    private static partial void LogFailed(ILogger logger, string duty, Exception exception);

    [LoggerMessage(Level = LogLevel.Error,
        Message = "{Duty} has failed for {Duration}: {Reason}. Mirai repeats it until it succeeds")]
    private static partial void LogFailsStill(ILogger logger, string duty, TimeSpan duration, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Duty} succeeds again after {Duration}")]
    private static partial void LogSucceeded(ILogger logger, string duty, TimeSpan duration);
}
