namespace Mirai.Api.Problems;

/// <summary>Tells the log that something does not answer: every now and then, not for every request.</summary>
internal sealed partial class OutageLog(TimeProvider time, ILogger<OutageLog> logger)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    private readonly Dictionary<string, (long LastLine, int Refusals)> outages = [];

    public void Note(string what, Exception exception)
    {
        lock (outages)
        {
            var known = outages.TryGetValue(what, out var outage);
            var refusals = outage.Refusals + 1;
            if (known && time.GetElapsedTime(outage.LastLine) < Pause)
            {
                outages[what] = (outage.LastLine, refusals);
                return;
            }

            LogOutage(what, refusals, exception.Message);
            outages[what] = (time.GetTimestamp(), 0);
        }
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "{What} does not answer: {Refusals} requests refused since the last such line. {Reason}")]
    private partial void LogOutage(string what, int refusals, string reason);
}
