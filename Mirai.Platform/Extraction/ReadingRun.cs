namespace Mirai.Platform.Extraction;

/// <summary>One reading of a document: how far it is, and whether anybody still wants it.</summary>
/// <param name="cancellationToken">Ends it between two pages or paragraphs.</param>
public sealed class ReadingRun(CancellationToken cancellationToken = default)
{
    private volatile int percent;

    /// <summary>How much is read, from 0 to 100. Other threads may look at any time.</summary>
    public int Percent => percent;

    /// <summary>Something is read.</summary>
    /// <exception cref="OperationCanceledException">Nobody wants the rest.</exception>
    internal void Report(long done, long all)
    {
        cancellationToken.ThrowIfCancellationRequested();
        percent = (int)Math.Clamp(done * 100 / Math.Max(all, 1), 0, 100);
    }
}
