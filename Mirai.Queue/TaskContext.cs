using System.Collections.ObjectModel;

namespace Mirai.Queue;

/// <summary>One attempt at a task, as the handler and the middleware see it.</summary>
/// <remarks>A worker creates a context for every attempt. Tests of handlers can create a context, too: in a context
/// without a worker, <see cref="WriteResultAsync"/> only sets <see cref="Result"/>.</remarks>
public sealed class TaskContext
{
    private readonly IServiceProvider? services;

    /// <summary>The task's id, unique in its queue.</summary>
    public required string TaskId { get; init; }

    /// <summary>The task's type.</summary>
    public required string Type { get; init; }

    /// <summary>The queue of the task.</summary>
    public string Queue { get; init; } = EnqueueOptions.DefaultQueue;

    /// <summary>The payload; empty when there is none.</summary>
    public ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>How many retries have been used before this attempt: 0 at the first.</summary>
    public int Retried { get; init; }

    /// <summary>How many retries the task has.</summary>
    public int MaxRetry { get; init; } = EnqueueOptions.DefaultMaxRetry;

    /// <summary>Text that travels with the task.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>When this attempt is cancelled: the task's deadline or its timeout from now, whichever is
    /// first.</summary>
    public DateTimeOffset Deadline { get; init; } = DateTimeOffset.MaxValue;

    /// <summary>Fires at the deadline, when the task is cancelled, when the lease is lost, and when the worker stops
    /// and its shutdown timeout is over.</summary>
    public CancellationToken CancellationToken { get; init; }

    /// <summary>The scoped services of this attempt, shared by middleware and handler. The scope is opened at the
    /// first use and closed after the attempt.</summary>
    /// <exception cref="InvalidOperationException">The context was created without services.</exception>
    public IServiceProvider Services
    {
        get => services ?? Attempt?.Services ?? throw new InvalidOperationException(
            "This task context has no services: set Services when you create the context.");
        init => services = value;
    }

    /// <summary>The result that <see cref="WriteResultAsync"/> stored last in this attempt.</summary>
    public ReadOnlyMemory<byte>? Result { get; private set; }

    internal ITaskAttempt? Attempt { get; init; }

    /// <summary>Stores a result with the task. The result can be read at once, and is deleted with the task: give the
    /// task a retention to keep both. A later call replaces the result.</summary>
    /// <param name="result">Any bytes.</param>
    /// <param name="cancellationToken">Ends the wait; the result may still be stored.</param>
    /// <returns>Completes when the result is stored.</returns>
    /// <exception cref="OperationCanceledException">The attempt is over, or its lease was lost.</exception>
    /// <exception cref="StackExchange.Redis.RedisException">Redis could not be reached.</exception>
    public async Task WriteResultAsync(ReadOnlyMemory<byte> result, CancellationToken cancellationToken = default)
    {
        CancellationToken.ThrowIfCancellationRequested();
        if (Attempt is { } attempt)
        {
            await attempt.WriteResultAsync(result, cancellationToken).ConfigureAwait(false);
        }

        Result = result;
    }
}

/// <summary>The attempt behind a <see cref="TaskContext"/>. The interface turns an arrow around: the worker knows this
/// namespace, which does not know the worker.</summary>
internal interface ITaskAttempt
{
    /// <summary>The services of the scope of this attempt.</summary>
    IServiceProvider Services { get; }

    /// <summary>Stores a result.</summary>
    Task WriteResultAsync(ReadOnlyMemory<byte> result, CancellationToken cancellationToken);
}
