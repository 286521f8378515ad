using Mirai.Queue.Server.Running;
using Mirai.Queue.Store;

namespace Mirai.Queue.Server.Taking;

/// <summary>The limits of all task types that have one. They hold for a worker, whatever queues the tasks come
/// from.</summary>
internal sealed class TypeLimits(IReadOnlyDictionary<string, TypeLimit> limits)
{
    private readonly PatternMap<TypeLimit> byPattern = new(limits);
    private readonly TypeLimit[] all = [.. limits.Values];

    /// <summary>The limit of a task type, if it has one.</summary>
    public TypeLimit? Find(string taskType) => byPattern.TryFind(taskType, out var limit) ? limit : null;

    /// <summary>Whether a task of this queue waits that there is room for now.</summary>
    public bool HaveRoomFor(string queue) => Array.Exists(all, limit => limit.HasRoomFor(queue));

    /// <summary>Hands out tasks of a queue that there is room for now.</summary>
    public IReadOnlyList<WaitingTask> HandOut(string queue, int most)
    {
        if (!HaveRoomFor(queue))
        {
            return [];
        }

        var tasks = new List<WaitingTask>();
        foreach (var limit in all)
        {
            limit.HandOut(queue, most - tasks.Count, tasks);
        }

        return tasks;
    }
}
