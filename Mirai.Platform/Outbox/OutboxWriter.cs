using System.Diagnostics;
using System.Text.Json;
using Mirai.Platform.Database;
using Mirai.Queue;
using Mirai.Queue.Telemetry;

namespace Mirai.Platform.Outbox;

/// <summary>Writes tasks beside the rows that cause them: both are committed, or neither.</summary>
internal sealed class OutboxWriter(IQueueClient client, TimeProvider time)
{
    /// <summary>Adds a task to what the context saves next.</summary>
    /// <param name="context">The context that also changes the rows.</param>
    /// <param name="payload">What the handler gets.</param>
    /// <param name="taskId">The id of row and task. Saving a second task with the same id fails. Default: a new
    /// one.</param>
    /// <param name="options">Override what the payload's attribute says.</param>
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
            Options = JsonSerializer.Serialize(Fixed(task.Options, now), OutboxJson.Default.EnqueueOptions),
            CreatedAt = now,
        };
        context.Outbox.Add(row);

        return row.Id;
    }

    // What counts from now, and whose trace it is, cannot be told later.
    private static EnqueueOptions Fixed(EnqueueOptions options, DateTimeOffset now) => options with
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
