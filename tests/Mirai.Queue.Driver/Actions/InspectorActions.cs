using Mirai.Queue.Driver.Arguments;

namespace Mirai.Queue.Driver.Actions;

/// <summary>The operations of the action command. Those that act on many tasks return how many.</summary>
internal static class InspectorActions
{
    private static readonly Dictionary<string, InspectorAction> Actions = new(StringComparer.Ordinal)
    {
        ["run"] = new(["id"], (inspector, order) => DoAsync(inspector.RunTasksAsync(order.Task))),
        ["archive"] = new(["id"], (inspector, order) => DoAsync(inspector.ArchiveTasksAsync(order.Task))),
        ["delete"] = new(["id"], (inspector, order) => DoAsync(inspector.DeleteTasksAsync(order.Task))),
        ["update-payload"] = new(["id"], (inspector, order) =>
            DoAsync(inspector.UpdatePayloadsAsync(order.Task, _ => order.Payload))),
        ["reschedule"] = new(["id", "process-at"], (inspector, order) =>
            DoAsync(inspector.RescheduleTasksAsync(order.Task, order.ProcessAt))),
        ["cancel"] = new(["id"], (inspector, order) => DoAsync(inspector.CancelTasksAsync(order.Task))),
        ["pause"] = new([], (inspector, order) =>
            DoAsync(inspector.PauseQueueAsync(order.Queue), $"queue '{order.Queue}' is already paused")),
        ["unpause"] = new([], (inspector, order) =>
            DoAsync(inspector.ResumeQueueAsync(order.Queue), $"queue '{order.Queue}' is not paused")),
        ["delete-queue"] = new([], (inspector, order) =>
            DoAsync(inspector.DeleteQueueAsync(order.Queue, order.IsForced))),
        ["run-all"] = new(["state"], (inspector, order) =>
            CountAsync(inspector.RunTasksAsync(order.Tasks))),
        ["archive-all"] = new(["state"], (inspector, order) =>
            CountAsync(inspector.ArchiveTasksAsync(order.Tasks))),
        ["delete-all"] = new(["state"], (inspector, order) =>
            CountAsync(inspector.DeleteTasksAsync(order.Tasks))),
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

    private static async Task<long?> CountAsync(Task<SelectionStep> operation) => (await operation).Count;
}
