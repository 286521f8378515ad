namespace Mirai.Platform.Cleanup;

/// <summary>A part of <see cref="CleanupExpired"/>. Any number are registered; each runs whatever becomes of the
/// others.</summary>
public interface ICleanup
{
    /// <summary>What it deletes, for the log.</summary>
    string What { get; }

    /// <summary>Deletes it, in bounded batches. Running it twice deletes nothing the second time.</summary>
    /// <param name="cancellationToken">Stops between two batches.</param>
    /// <returns>How many were deleted.</returns>
    Task<long> RunAsync(CancellationToken cancellationToken = default);
}
