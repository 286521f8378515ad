namespace Mirai.Queue.Store;

/// <summary>Tasks sorted by their outcome, which the script then need not be told for each of them.</summary>
internal sealed class OutcomeOrder
{
    /// <summary>How many outcomes there are.</summary>
    public const int Outcomes = (int)TaskOutcome.Dropped + 1;

    private readonly int[]? original;

    private OutcomeOrder(IReadOnlyList<FinishedTask> tasks, int[] counts, int[]? original)
    {
        Tasks = tasks;
        Counts = counts;
        this.original = original;
    }

    /// <summary>The tasks; those of one outcome keep their order.</summary>
    public IReadOnlyList<FinishedTask> Tasks { get; }

    /// <summary>How many tasks have each outcome.</summary>
    public IReadOnlyList<int> Counts { get; }

    public static OutcomeOrder Of(IReadOnlyList<FinishedTask> tasks)
    {
        var counts = new int[Outcomes];
        foreach (var task in tasks)
        {
            counts[(int)task.Outcome]++;
        }

        // Mostly everything has the same outcome.
        return counts[(int)tasks[0].Outcome] == tasks.Count
            ? new OutcomeOrder(tasks, counts, original: null)
            : Sort(tasks, counts);
    }

    /// <summary>Positions in the order the tasks had before.</summary>
    public IReadOnlyList<int> ToOriginal(List<int> positions) =>
        original is null ? positions : positions.ConvertAll(position => original[position]);

    private static OutcomeOrder Sort(IReadOnlyList<FinishedTask> tasks, int[] counts)
    {
        int[] original = [.. Enumerable.Range(0, tasks.Count).OrderBy(position => tasks[position].Outcome)];
        return new OutcomeOrder(Array.ConvertAll(original, position => tasks[position]), counts, original);
    }
}
