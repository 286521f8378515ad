using Mirai.Queue.Wire;

namespace Mirai.Queue;

/// <summary>A periodic task of a scheduler that runs.</summary>
public sealed record SchedulerEntryInfo
{
    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary>When it is enqueued, for instance <c>@every 5s</c>.</summary>
    public required string Spec { get; init; }

    /// <summary>The task's type.</summary>
    public required string Type { get; init; }

    /// <summary>The task's payload; <see langword="null"/> when it has none.</summary>
    public required ReadOnlyMemory<byte>? Payload { get; init; }

    /// <summary>The task's options as Asynq prints them, for instance <c>MaxRetry(3)</c>.</summary>
    public required IReadOnlyList<string> Options { get; init; }

    /// <summary>When it is enqueued next; <see langword="null"/> for never.</summary>
    public required DateTimeOffset? Next { get; init; }

    /// <summary>When it was enqueued last; <see langword="null"/> for never.</summary>
    public required DateTimeOffset? Previous { get; init; }

    /// <summary>The queue its task goes to; <see langword="null"/> when the option that names it cannot be
    /// read.</summary>
    public string? Queue => Read(option => option.StartsWith("Queue(", StringComparison.Ordinal), out _) is { } options
        ? options.Queue ?? EnqueueOptions.DefaultQueue
        : null;

    /// <summary>The task that the scheduler enqueues, for enqueueing it out of turn.</summary>
    /// <returns>The task with the entry's options; headers are not stored with an entry.</returns>
    /// <exception cref="InvalidDataException">The type is blank, or an option cannot be read; the message names
    /// it.</exception>
    public QueueTask ToTask()
    {
        var options = Read(_ => true, out var wrong)
            ?? throw new InvalidDataException($"The option '{wrong}' of the scheduler entry cannot be read.");

        return string.IsNullOrWhiteSpace(Type)
            ? throw new InvalidDataException("The scheduler entry has no type.")
            : new QueueTask(Type, Payload, options);
    }

    private EnqueueOptions? Read(Func<string, bool> isWanted, out string? wrong)
    {
        var options = EnqueueOptions.None;
        foreach (var text in Options.Where(isWanted))
        {
            if (EnqueueOptionReader.Add(options, text) is not { } more)
            {
                wrong = text;
                return null;
            }

            options = more;
        }

        wrong = null;
        return options;
    }
}
