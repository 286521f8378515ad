using Microsoft.Extensions.Options;
using Mirai.Platform.Documents;

namespace Mirai.Platform.Extraction;

/// <summary>Reads a document within its time limit, and reports the progress.</summary>
/// <param name="options">The time limit.</param>
/// <param name="time">The clock.</param>
public sealed class DocumentReading(IOptions<DocumentOptions> options, TimeProvider time)
{
    private static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(1);

    /// <summary>Reads a document.</summary>
    /// <param name="content">The document.</param>
    /// <param name="report">Is called every second with the progress from 0 to 100.</param>
    /// <param name="cancellationToken">Ends the reading. A library that is in the middle of a page continues to the
    /// end of the page, and its result is dropped.</param>
    /// <returns>The text of the document.</returns>
    /// <exception cref="DocumentUnreadableException">The document cannot be read, or not within the limit.</exception>
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
                    return await reading.WaitAsync(ReportInterval, time, either.Token);
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

/// <summary>One reading of a document: its progress and its cancellation.</summary>
/// <param name="cancellationToken">Ends the reading between two pages or paragraphs.</param>
public sealed class ReadingRun(CancellationToken cancellationToken = default)
{
    private volatile int percent;

    /// <summary>The progress from 0 to 100. Other threads may read it at any time.</summary>
    public int Percent => percent;

    /// <summary>Sets the progress.</summary>
    /// <exception cref="OperationCanceledException">The reading is cancelled.</exception>
    internal void Report(long done, long all)
    {
        cancellationToken.ThrowIfCancellationRequested();
        percent = (int)Math.Clamp(done * 100 / Math.Max(all, 1), 0, 100);
    }
}
