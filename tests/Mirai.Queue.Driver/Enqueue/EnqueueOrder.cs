using Mirai.Queue.Driver.Arguments;

namespace Mirai.Queue.Driver.Enqueue;

/// <summary>What to enqueue, and how.</summary>
/// <param name="Tasks">Makes the tasks.</param>
/// <param name="Count">How many.</param>
/// <param name="IsNumbered">Each task carries its index.</param>
/// <param name="Concurrency">How many callers share the work.</param>
/// <param name="IsBulk">In one call.</param>
/// <param name="IsQuiet">Print a summary instead of the tasks.</param>
internal sealed record EnqueueOrder(
    TaskFlags Tasks, int Count, bool IsNumbered, int Concurrency, bool IsBulk, bool IsQuiet)
{
    public static EnqueueOrder Read(Flags flags) => new(
        TaskFlags.Read(flags),
        flags.Count("n", standard: 1),
        flags.IsSet("n"),
        flags.Count("concurrency", standard: 1),
        flags.Switch("many"),
        flags.Switch("quiet"));

    /// <summary>One task.</summary>
    /// <exception cref="ArgumentException">The library refuses its type.</exception>
    public QueueTask CreateTask(int index) => IsNumbered ? Tasks.Create(index) : Tasks.Create();
}
