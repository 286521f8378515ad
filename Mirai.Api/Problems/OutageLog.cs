using StackExchange.Redis;

namespace Mirai.Api.Problems;

/// <summary>Logs that a server does not answer or refuses: once in 30 s, not for every request.</summary>
internal sealed partial class OutageLog(TimeProvider time, ILogger<OutageLog> logger)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    private readonly Dictionary<string, (long LastLine, int Refusals)> outages = [];

    /// <summary>What is wrong with the server, in words that follow its name. The message of the exception may name a
    /// host, so it is not part of them.</summary>
    public static string Describe(Exception exception) => exception switch
    {
        _ when IsFull(exception) => "is full: it stores nothing new until tasks are done or deleted",
        RedisServerException { Kind: var kind } => $"refuses the request ({kind})",
        _ => "does not answer",
    };

    /// <summary>Redis has no memory left for what the request would store.</summary>
    public static bool IsFull(Exception exception) =>
        exception is RedisServerException { Kind: RedisErrorKind.OutOfMemory };

    public void Note(string server, Exception exception)
    {
        lock (outages)
        {
            var known = outages.TryGetValue(server, out var outage);
            var refusals = outage.Refusals + 1;
            if (known && time.GetElapsedTime(outage.LastLine) < Pause)
            {
                outages[server] = (outage.LastLine, refusals);
                return;
            }

            LogOutage(server, Describe(exception), refusals, exception.Message);
            outages[server] = (time.GetTimestamp(), 0);
        }
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "{Server} {Problem}: {Refusals} requests failed since this was last logged. {Reason}")]
    private partial void LogOutage(string server, string problem, int refusals, string reason);
}
