namespace Mirai.Api.Problems;

/// <summary>Logs that a server does not answer: once in 30 s, not for every request.</summary>
internal sealed partial class OutageLog(TimeProvider time, ILogger<OutageLog> logger)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    private readonly Dictionary<string, (long LastLine, int Refusals)> outages = [];

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

            LogOutage(server, refusals, exception.Message);
            outages[server] = (time.GetTimestamp(), 0);
        }
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "{Server} does not answer: {Refusals} requests got 503 since the last such line. {Reason}")]
    private partial void LogOutage(string server, int refusals, string reason);
}
