using System.Text.Json.Nodes;
using Mirai.Queue.Driver.Output;

namespace Mirai.Queue.Driver.Inspect;

/// <summary>Asks the inspector for everything. What it refuses (a queue that is deleted meanwhile, say) is told among
/// the errors, and the rest goes on.</summary>
internal sealed class Inspection(IQueueInspector inspector, InspectOrder order)
{
    private readonly JsonArray errors = [];

    public async Task<JsonObject> RunAsync()
    {
        var queues = await inspector.ListQueuesAsync();
        var byQueue = new JsonObject();
        foreach (var queue in order.Queue is { } one ? [one] : queues)
        {
            if (await TryAsync(() => ReadQueueAsync(queue)) is { } json)
            {
                byQueue[queue] = json;
            }
        }

        return new JsonObject
        {
            ["library"] = $"Mirai.Queue {typeof(IQueueInspector).Assembly.GetName().Version?.ToString(3)}",
            ["queues"] = new JsonArray([.. queues.Select(queue => JsonValue.Create(queue))]),
            ["queue"] = byQueue,
            ["servers"] = new JsonArray([.. (await inspector.ListServersAsync()).Select(ProcessJson.Create)]),
            ["scheduler_entries"] = await ReadEntriesAsync(),
            ["errors"] = errors,
        };
    }

    private async Task<JsonObject> ReadQueueAsync(string queue)
    {
        var info = await inspector.FindQueueAsync(queue)
            ?? throw new InvalidOperationException($"There is no queue '{queue}'.");
        var groups = await ReadGroupsAsync(queue);

        return new JsonObject
        {
            ["info"] = QueueJson.Create(info),
            ["tasks"] = await ReadTasksAsync(queue, groups),
            ["groups"] = new JsonArray([.. groups.Select(QueueJson.Create)]),
            ["history"] = new JsonArray(
                [.. (await inspector.ListHistoryAsync(queue, order.Days)).Select(QueueJson.Create)]),
            ["cluster_key_slot"] = FindSlot(queue),
        };
    }

    // The legacy layout has none.
    private int? FindSlot(string queue)
    {
        try
        {
            return inspector.GetClusterKeySlot(queue);
        }
        catch (NotSupportedException)
        {
            return null;
        }
    }

    private async Task<JsonObject> ReadTasksAsync(string queue, IReadOnlyList<GroupInfo> groups)
    {
        var tasks = new JsonObject();
        foreach (var state in StateWords.All.Where(state => state != TaskState.Aggregating))
        {
            tasks[StateWords.Of(state)] = QueueJson.Create(
                await inspector.ListTasksAsync(TaskSelection.InState(queue, state), order.Paging));
        }

        var aggregating = new JsonObject();
        foreach (var group in groups)
        {
            aggregating[group.Group] = QueueJson.Create(
                await inspector.ListTasksAsync(TaskSelection.InGroup(queue, group.Group), order.Paging));
        }

        tasks[StateWords.Of(TaskState.Aggregating)] = aggregating;
        return tasks;
    }

    private async Task<List<GroupInfo>> ReadGroupsAsync(string queue)
    {
        var (groups, cursor) = (new List<GroupInfo>(), (string?)null);
        do
        {
            var page = await inspector.ListGroupsAsync(
                queue, new Paging { Size = Paging.MaxSize, Cursor = cursor });
            groups.AddRange(page);
            cursor = page.Cursor;
        }
        while (cursor is not null);

        return groups;
    }

    private async Task<JsonArray> ReadEntriesAsync()
    {
        var entries = new JsonArray();
        foreach (var entry in await inspector.ListSchedulerEntriesAsync())
        {
            entries.Add(ProcessJson.Create(entry, await inspector.ListSchedulerEventsAsync(entry.Id, order.Paging)));
        }

        return entries;
    }

    private async Task<JsonObject?> TryAsync(Func<Task<JsonObject>> read)
    {
        try
        {
            return await read();
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException)
        {
            errors.Add(exception.Message);
            return null;
        }
    }
}
