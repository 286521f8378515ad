using Microsoft.Extensions.Options;
using Mirai.Platform.Documents;

namespace Mirai.Platform.Extraction;

/// <summary>Reads a document within its time, and says how far it is.</summary>
/// <param name="options">How long it may take.</param>
/// <param name="time">The clock.</param>
public sealed class DocumentReading(IOptions<DocumentOptions> options, TimeProvider time)
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(1);

    /// <summary>Reads a document.</summary>
    /// <param name="content">The document.</param>
    /// <param name="report">Is told every second how much is read, from 0 to 100.</param>
    /// <param name="cancellationToken">Ends it. A library that is in the middle of a page goes on for a while, and
    /// what it finds is dropped.</param>
    /// <returns>What it says.</returns>
    /// <exception cref="DocumentUnreadableException">It cannot be read, or not in time.</exception>
    public async Task<DocumentExtraction> ReadAsync(
        DocumentContent content, Func<int, Task> report, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(content);
        ArgumentNullException.ThrowIfNull(report);
        using var timeout = new CancellationTokenSource(options.Value.ReadTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        var run = new ReadingRun(either.Token);
        var reading = Task.Run(() => DocumentExtractor.Extract(content, run), CancellationToken.None);
        try
        {
            while (true)
            {
                try
                {
                    return await reading.WaitAsync(Step, time, either.Token);
                }
                catch (TimeoutException)
                {
                    await report(run.Percent);
                }
            }
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new DocumentUnreadableException(
                $"The document takes longer to read than {options.Value.ReadTimeout}.", exception);
        }
    }
}

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
