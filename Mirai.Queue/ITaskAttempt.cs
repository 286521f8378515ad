namespace Mirai.Queue;

/// <summary>What stands behind a <see cref="TaskContext"/> in a worker.</summary>
internal interface ITaskAttempt
{
    /// <summary>The scope of this attempt.</summary>
    IServiceProvider Services { get; }

    /// <summary>Stores a result.</summary>
    Task WriteResultAsync(ReadOnlyMemory<byte> result, CancellationToken cancellationToken);
}
