namespace Mirai.Queue;

/// <summary>Work to be done later: a type that names the handler, and the bytes the handler needs.</summary>
/// <remarks>Immutable and safe to enqueue more than once. Two tasks of one queue are equal to a uniqueness lock when
/// their type and payload bytes are.</remarks>
public sealed class QueueTask
{
    /// <summary>Creates a task whose payload is raw bytes.</summary>
    /// <param name="type">Names the handler, for instance <c>email:welcome</c>; case-sensitive, not blank.</param>
    /// <param name="payload">What the handler gets, unchanged. <see langword="null"/> and empty read alike for a
    /// handler, but they take different uniqueness locks, as in Asynq.</param>
    /// <param name="options">What holds for this task unless the call that enqueues it says otherwise.</param>
    /// <exception cref="ArgumentException"><paramref name="type"/> is blank.</exception>
    public QueueTask(string type, ReadOnlyMemory<byte>? payload = null, EnqueueOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(type);
        Type = type;
        Payload = payload;
        Options = options ?? EnqueueOptions.None;
    }

    /// <summary>Names the handler.</summary>
    public string Type { get; }

    /// <summary>What the handler gets; <see langword="null"/> when there is none.</summary>
    public ReadOnlyMemory<byte>? Payload { get; }

    /// <summary>What holds for this task unless the call that enqueues it says otherwise.</summary>
    public EnqueueOptions Options { get; }
}
