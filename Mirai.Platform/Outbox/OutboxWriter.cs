using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore;
using Mirai.Platform.Database;
using Mirai.Queue;
using Mirai.Queue.Telemetry;

namespace Mirai.Platform.Outbox;

/// <summary>Writes tasks beside the rows that cause them: the database commits both or neither.</summary>
internal sealed class OutboxWriter(
    IDbContextFactory<MiraiDbContext> contexts, IQueueClient client, TimeProvider time)
{
    /// <summary>Adds a task to the changes that the context saves next.</summary>
    /// <param name="context">The context that also changes the rows.</param>
    /// <param name="payload">The payload for the handler.</param>
    /// <param name="taskId">The id of row and task. Saving a second task with the same id fails. Default: a new
    /// id.</param>
    /// <param name="options">Override the options of the payload's attribute.</param>
    /// <returns>The id of the task.</returns>
    public Guid Add<TPayload>(
        MiraiDbContext context, TPayload payload, Guid? taskId = null, EnqueueOptions? options = null)
        where TPayload : notnull
    {
        var now = time.GetUtcNow();
        var task = client.CreateTask(payload, options);
        var row = new OutboxRow
        {
            Id = taskId ?? Guid.CreateVersion7(now),
            Type = task.Type,
            Payload = task.Payload?.ToArray(),
            Options = JsonSerializer.Serialize(AtCommit(task.Options, now), OutboxJson.Default.EnqueueOptions),
            CreatedAt = now,
        };
        context.Outbox.Add(row);

        return row.Id;
    }

    /// <summary>Marks a row and commits its new task, in one transaction.</summary>
    /// <param name="payload">The payload for the handler.</param>
    /// <param name="markAsync">Gives the row the task's id, if the caller may still do so. Whether it did.</param>
    /// <param name="cancellationToken">Cancels the wait; nothing is changed then.</param>
    /// <returns>Whether the task is committed.</returns>
    public async Task<bool> CommitAsync<TPayload>(
        TPayload payload, Func<MiraiDbContext, Guid, Task<bool>> markAsync, CancellationToken cancellationToken)
        where TPayload : notnull
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        var taskId = Guid.CreateVersion7(time.GetUtcNow());
        if (!await markAsync(context, taskId))
        {
            return false;
        }

        Add(context, payload, taskId);
        await context.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);

        return true;
    }

    // A delay counts from the commit, and the trace is that of the caller: the relay knows neither.
    private static EnqueueOptions AtCommit(EnqueueOptions options, DateTimeOffset now) => options with
    {
        ProcessAt = options.ProcessIn is { } delay ? now + delay : options.ProcessAt,
        ProcessIn = null,
        Headers = WithTrace(options.Headers),
    };

    private static IReadOnlyDictionary<string, string>? WithTrace(IReadOnlyDictionary<string, string>? headers)
    {
        var traced = new Dictionary<string, string>(headers ?? new Dictionary<string, string>());
        TraceHeaders.Inject(Activity.Current, traced);

        return traced.Count == 0 ? headers : traced;
    }
}

/// <summary>The options of a task as the outbox keeps them.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(EnqueueOptions))]
internal sealed partial class OutboxJson : JsonSerializerContext;
