using System.Collections.ObjectModel;

namespace Mirai.Queue;

/// <summary>One attempt at a task, as its handler and the middleware see it.</summary>
/// <remarks>A worker makes one for every attempt. Tests of handlers can make their own: without a worker behind it,
/// <see cref="WriteResultAsync"/> only sets <see cref="Result"/>.</remarks>
public sealed class TaskContext
{
    private readonly IServiceProvider? services;

    /// <summary>The task's id, unique in its queue.</summary>
    public required string TaskId { get; init; }

    /// <summary>The task's type.</summary>
    public required string Type { get; init; }

    /// <summary>The queue it came from.</summary>
    public string Queue { get; init; } = EnqueueOptions.DefaultQueue;

    /// <summary>The payload; empty when there is none.</summary>
    public ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>How many retries have been used before this attempt: 0 at the first.</summary>
    public int Retried { get; init; }

    /// <summary>How often the task is tried again after a failure.</summary>
    public int MaxRetry { get; init; } = EnqueueOptions.DefaultMaxRetry;

    /// <summary>Text that travels with the task.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>When this attempt is cancelled: the task's deadline or its timeout from now, whichever is
    /// first.</summary>
    public DateTimeOffset Deadline { get; init; } = DateTimeOffset.MaxValue;

    /// <summary>Fires at the deadline, when somebody cancels the task, when the lease is lost, and when the worker
    /// stops and its shutdown timeout is over.</summary>
    public CancellationToken CancellationToken { get; init; }

    /// <summary>The services of this attempt: a scope that is opened at the first use and closed after the
    /// attempt.</summary>
    /// <exception cref="InvalidOperationException">The context was made without services.</exception>
    public IServiceProvider Services
    {
        get => services ?? Attempt?.Services ?? throw new InvalidOperationException(
            "This task context has no services: set them when you make it.");
        init => services = value;
    }

    /// <summary>What <see cref="WriteResultAsync"/> stored last in this attempt.</summary>
    public ReadOnlyMemory<byte>? Result { get; private set; }

    internal ITaskAttempt? Attempt { get; init; }

    /// <summary>Stores a result with the task, readable at once; it is gone with the task unless the task is kept for
    /// a retention. A later call replaces it.</summary>
    /// <param name="result">Any bytes.</param>
    /// <param name="cancellationToken">Gives up waiting; the result may be stored all the same.</param>
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
