using Microsoft.Extensions.Logging;
using Mirai.Queue.Store;

namespace Mirai.Queue.Server.Upkeep;

/// <summary>Warns, once for each queue, about groups that nobody aggregates. Redis does not say which servers have an
/// aggregator; but where one has, a group to which no task is added is gone after a while.</summary>
internal sealed partial class ForgottenGroups(IGroupStore store, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(10);

    // Ten times the default grace period.
    private static readonly GroupLimits Quiet = new(GracePeriod: 600, MaxDelay: 0, MaxSize: 0);

    private readonly Dictionary<string, DateTimeOffset> nextLook = new(StringComparer.Ordinal);

    /// <summary>Looks at some groups of a queue, every ten minutes until one is reported.</summary>
    public async Task ReportAsync(string queue)
    {
        var now = time.GetUtcNow();
        if (nextLook.TryGetValue(queue, out var next) && next > now)
        {
            return;
        }

        var groups = (await store.FindDueGroupsAsync(queue, Quiet, cursor: 0).ConfigureAwait(false)).Names;
        nextLook[queue] = groups.Count > 0 ? DateTimeOffset.MaxValue : now + Pause;
        if (groups.Count > 0)
        {
            LogForgotten(logger, groups[0], queue, Pause);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "Nobody seems to aggregate the groups of queue {Queue}: group {Group} got no task for {Quiet} or " +
            "more, and its tasks still wait. This server has no aggregator. Check whether a server of the queue has " +
            "one (AddAggregator), or enqueue without a group")]
    private static partial void LogForgotten(ILogger logger, string group, string queue, TimeSpan quiet);
}
