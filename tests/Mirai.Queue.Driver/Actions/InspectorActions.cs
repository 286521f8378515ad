using Mirai.Queue.Driver.Arguments;

namespace Mirai.Queue.Driver.Actions;

/// <summary>The operations of the action command. Those that act on many tasks return how many.</summary>
internal static class InspectorActions
{
    private static readonly Dictionary<string, InspectorAction> Actions = new(StringComparer.Ordinal)
    {
        ["run"] = new(["id"], (inspector, order) => DoAsync(inspector.RunTaskAsync(order.Queue, order.TaskId))),
        ["archive"] = new(
            ["id"], (inspector, order) => DoAsync(inspector.ArchiveTaskAsync(order.Queue, order.TaskId))),
        ["delete"] = new(["id"], (inspector, order) => DoAsync(inspector.DeleteTaskAsync(order.Queue, order.TaskId))),
        ["update-payload"] = new(["id"], (inspector, order) =>
            DoAsync(inspector.UpdateTaskPayloadAsync(order.Queue, order.TaskId, order.Payload))),
        ["reschedule"] = new(["id", "process-at"], (inspector, order) =>
            DoAsync(inspector.RescheduleTaskAsync(order.Queue, order.TaskId, order.ProcessAt))),
        ["cancel"] = new(["id"], (inspector, order) => DoAsync(inspector.CancelTaskAsync(order.TaskId))),
        ["pause"] = new([], (inspector, order) =>
            DoAsync(inspector.PauseQueueAsync(order.Queue), $"queue '{order.Queue}' is already paused")),
        ["unpause"] = new([], (inspector, order) =>
            DoAsync(inspector.ResumeQueueAsync(order.Queue), $"queue '{order.Queue}' is not paused")),
        ["delete-queue"] = new([], (inspector, order) =>
            DoAsync(inspector.DeleteQueueAsync(order.Queue, order.IsForced))),
        ["run-all"] = new(["state"], (inspector, order) =>
            CountAsync(inspector.RunAllAsync(order.Queue, order.State, order.Group))),
        ["archive-all"] = new(["state"], (inspector, order) =>
            CountAsync(inspector.ArchiveAllAsync(order.Queue, order.State, order.Group))),
        ["delete-all"] = new(["state"], (inspector, order) =>
            CountAsync(inspector.DeleteAllAsync(order.Queue, order.State, order.Group))),
    };

    /// <exception cref="FlagException">There is no such operation.</exception>
    public static InspectorAction Find(string? name) =>
        name is not null && Actions.TryGetValue(name, out var action)
            ? action
            : throw new FlagException($"action needs an operation: {string.Join(", ", Actions.Keys)}");

    private static async Task<long?> DoAsync(Task operation)
    {
        await operation;
        return null;
    }

    private static async Task<long?> DoAsync(Task<bool> operation, string refusal) =>
        await operation ? null : throw new PauseException(refusal);

    private static async Task<long?> CountAsync(Task<long> operation) => await operation;
}
