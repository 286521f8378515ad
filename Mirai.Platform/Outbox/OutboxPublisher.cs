using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Mirai.Platform.Database;
using Mirai.Queue;
using Mirai.Queue.Telemetry;

namespace Mirai.Platform.Outbox;

/// <summary>Publishes what waits in the outbox, one batch at a time.</summary>
/// <remarks>It dies before publishing: the claim ends, another relay publishes. It dies after: the other one learns
/// that the id is taken, which is as good.</remarks>
internal sealed partial class OutboxPublisher(
    IDbContextFactory<MiraiDbContext> contexts, IQueueClient client, IOptions<OutboxOptions> options,
    TimeProvider time, ILogger<OutboxPublisher> logger)
{
    // Long for a batch, short for those who wait while the relay that took them is dead. When it ends too early, a
    // batch is published twice, which the ids make harmless.
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);

    /// <summary>Publishes a batch. Not cancelled in the middle: it ends by itself, within the time-outs of Redis and
    /// database.</summary>
    public async Task<OutboxPass> PublishAsync()
    {
        await using var context = await contexts.CreateDbContextAsync(CancellationToken.None);
        var rows = await context.Outbox.Where(row => row.PublishedAt == null && row.Error == null)
            .ClaimAsync(options.Value.BatchSize, time.GetUtcNow(), Lease, CancellationToken.None);
        if (rows.Count == 0)
        {
            return new OutboxPass(0, null);
        }

        var results = await client.EnqueueManyAsync([.. rows.Select(ToTask)], CancellationToken.None);
        var outcomes = rows.Zip(results).ToLookup(pair => ToOutcome(pair.Second.Status), pair => pair);
        await MarkPublishedAsync(context, [.. outcomes[true].Select(pair => pair.First.Id)]);
        foreach (var (row, result) in outcomes[null])
        {
            await MarkBrokenAsync(context, row, result.Error!);
        }

        await ReleaseAsync(context, [.. outcomes[false].Select(pair => pair.First.Id)]);

        return new OutboxPass(rows.Count, outcomes[false].FirstOrDefault().Second?.Error);
    }

    // Published, not published, never to be published. A duplicate's work is done by the task in its way.
    private static bool? ToOutcome(EnqueueStatus status) => status switch
    {
        EnqueueStatus.Enqueued or EnqueueStatus.TaskIdConflict or EnqueueStatus.Duplicate => true,
        EnqueueStatus.Invalid => null,
        _ => false,
    };

    private QueueTask ToTask(OutboxRow row)
    {
        var own = JsonSerializer.Deserialize(row.Options, OutboxJson.Default.EnqueueOptions)!;
        var retention = options.Value.TaskRetention;
        own = own with { TaskId = row.Id.ToString() };

        return new QueueTask(row.Type, row.Payload, options.Value.PlainTasks
            ? own with { Headers = WithoutTrace(own.Headers) }
            : own with { Retention = own.Retention > retention ? own.Retention : retention });
    }

    private static Dictionary<string, string>? WithoutTrace(IReadOnlyDictionary<string, string>? headers) => headers?
        .Where(header => header.Key is not (TraceHeaders.TraceParent or TraceHeaders.TraceState)).ToDictionary();

    private async Task MarkPublishedAsync(MiraiDbContext context, List<Guid> ids)
    {
        var now = time.GetUtcNow();
        await context.Outbox.Where(row => ids.Contains(row.Id) && row.PublishedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.PublishedAt, now));
    }

    private async Task MarkBrokenAsync(MiraiDbContext context, OutboxRow broken, Exception reason)
    {
        LogBroken(broken.Id, broken.Type, reason.Message);
        await context.Outbox.Where(row => row.Id == broken.Id)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.Error, reason.Message));
    }

    private static Task ReleaseAsync(MiraiDbContext context, List<Guid> ids) => ids.Count == 0
        ? Task.CompletedTask
        : context.Outbox.Where(row => ids.Contains(row.Id) && row.PublishedAt == null).ExecuteUpdateAsync(
            set => set.SetProperty(row => row.ClaimedUntil, (DateTimeOffset?)null));

    [LoggerMessage(
        Level = LogLevel.Error, Message = "Task {Id} ({Type}) of the outbox cannot be enqueued, ever: {Reason}")]
    private partial void LogBroken(Guid id, string type, string reason);
}
