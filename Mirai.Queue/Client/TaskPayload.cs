using System.Reflection;

namespace Mirai.Queue.Client;

/// <summary>What the attribute of a payload type says; read once per type.</summary>
internal static class TaskPayload<TPayload>
{
    private static readonly QueueTaskAttribute? Attribute = typeof(TPayload).GetCustomAttribute<QueueTaskAttribute>();

    /// <summary>The task type.</summary>
    /// <exception cref="InvalidOperationException">The type has no attribute.</exception>
    public static string Type => Attribute?.Type ?? throw new InvalidOperationException(
        $"{typeof(TPayload)} is no task payload: give it a [QueueTask(\"type\")] attribute.");

    /// <summary>The default options.</summary>
    public static EnqueueOptions Options { get; } = Attribute?.ToOptions() ?? EnqueueOptions.None;
}
