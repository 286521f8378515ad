using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Mirai.Platform.Database;
using Mirai.Queue;
using Mirai.Queue.Telemetry;

namespace Mirai.Platform.Outbox;

/// <summary>What one pass over the outbox did.</summary>
/// <param name="Claimed">How many tasks the pass claimed.</param>
/// <param name="Outage">Why some of them could not be published yet; <see langword="null"/> when all were.</param>
internal sealed record OutboxPass(int Claimed, Exception? Outage);

/// <summary>Publishes the tasks that wait in the outbox, one batch at a time.</summary>
/// <remarks>A process that dies before it publishes leaves its claim to expire, and another relay publishes. A process
/// that dies after that leaves a task whose id is taken, which the next relay counts as published.</remarks>
internal sealed partial class OutboxPublisher(
    IDbContextFactory<MiraiDbContext> contexts, IQueueClient client, IOptions<OutboxOptions> options,
    TimeProvider time, ILogger<OutboxPublisher> logger)
{
    // Long enough to publish a batch, short enough for the tasks of a relay that died. A lease that expires too early
    // publishes a batch twice, which the task ids make harmless.
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);

    /// <summary>Publishes a batch. Nothing cancels it halfway; the time-outs of Redis and the database end
    /// it.</summary>
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
        var outcomes = rows.Zip(results).ToLookup(pair => ToOutcome(pair.Second.Status));
        await MarkPublishedAsync(context, IdsOf(outcomes[Outcome.Published]));
        foreach (var (row, result) in outcomes[Outcome.Impossible])
        {
            await MarkImpossibleAsync(context, row, result.Error!);
        }

        var postponed = IdsOf(outcomes[Outcome.Postponed]);
        if (postponed.Count > 0)
        {
            await context.Outbox.Where(row => postponed.Contains(row.Id) && row.PublishedAt == null)
                .ReleaseAsync(CancellationToken.None);
        }

        return new OutboxPass(rows.Count, outcomes[Outcome.Postponed].FirstOrDefault().Second?.Error);
    }

    // A duplicate counts as published: the task that holds the lock does the same work.
    private static Outcome ToOutcome(EnqueueStatus status) => status switch
    {
        EnqueueStatus.Enqueued or EnqueueStatus.TaskIdConflict or EnqueueStatus.Duplicate => Outcome.Published,
        EnqueueStatus.Invalid => Outcome.Impossible,
        _ => Outcome.Postponed,
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

    private static List<Guid> IdsOf(IEnumerable<(OutboxRow Row, EnqueueResult Result)> pairs) =>
        [.. pairs.Select(pair => pair.Row.Id)];

    private async Task MarkPublishedAsync(MiraiDbContext context, List<Guid> ids)
    {
        var now = time.GetUtcNow();
        await context.Outbox.Where(row => ids.Contains(row.Id) && row.PublishedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.PublishedAt, now));
    }

    private async Task MarkImpossibleAsync(MiraiDbContext context, OutboxRow impossible, Exception reason)
    {
        LogImpossible(impossible.Id, impossible.Type, reason.Message);
        await context.Outbox.Where(row => row.Id == impossible.Id)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.Error, reason.Message));
    }

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "Task {Id} ({Type}) of the outbox is not valid and will never be enqueued; it stays in the table "
            + "outbox with the reason until the cleanup deletes it: {Reason}")]
    private partial void LogImpossible(Guid id, string type, string reason);

    private enum Outcome
    {
        Published,
        Postponed,
        Impossible,
    }
}
