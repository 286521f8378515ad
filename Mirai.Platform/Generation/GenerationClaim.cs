using System.Data.Common;
using Microsoft.Extensions.Logging;
using Mirai.Platform.Database;

namespace Mirai.Platform.Generation;

/// <summary>A job in the hands of this worker: renews the claim, stores how far it is, and cancels the work when the
/// job was cancelled or taken away.</summary>
internal sealed partial class GenerationClaim : IAsyncDisposable
{
    // Also how long a cancelled job may go on.
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private readonly GenerationJobRow job;
    private readonly GenerationClaims claims;
    private readonly TimeProvider time;
    private readonly ILogger<GenerationClaim> logger;
    private readonly CancellationTokenSource work;
    private readonly CancellationTokenSource over = new();
    private readonly Task keeping;
    private volatile Progress progress;

    public GenerationClaim(
        GenerationJobRow job, GenerationClaims claims, TimeProvider time, ILogger<GenerationClaim> logger,
        CancellationToken cancellationToken)
    {
        (this.job, this.claims, this.time, this.logger) = (job, claims, time, logger);
        progress = new Progress(job.Percent, job.Step);
        work = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        keeping = KeepAsync();
    }

    /// <summary>Fires when the work is not wanted here any more.</summary>
    public CancellationToken Token => work.Token;

    /// <summary>Says how far the work is.</summary>
    public void Report(int percent, string step) => progress = new Progress(percent, step);

    public async ValueTask DisposeAsync()
    {
        await over.CancelAsync();
        await keeping;
        over.Dispose();
        work.Dispose();
    }

    private async Task KeepAsync()
    {
        Progress? told = null;
        while (!over.IsCancellationRequested)
        {
            try
            {
                var current = progress;
                if (!await claims.RenewAsync(job, current.Percent, current.Step, over.Token))
                {
                    await work.CancelAsync();
                    return;
                }

                if (told != current)
                {
                    await claims.PublishAsync(job, current.Percent);
                    told = current;
                }

                await Task.Delay(Interval, time, over.Token);
            }
            catch (OperationCanceledException) when (over.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception) when (exception is DbException or { InnerException: DbException })
            {
                // What is made is stored only while the claim holds; so going on does no harm.
                LogNotRenewed(job.Id, exception.Message);
                await PauseAsync();
            }
        }
    }

    private async Task PauseAsync()
    {
        try
        {
            await Task.Delay(Interval, time, over.Token);
        }
        catch (OperationCanceledException)
        {
            // Over: the loop sees it.
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The claim on generation job {Id} was not renewed: {Reason}")]
    private partial void LogNotRenewed(Guid id, string reason);

    private sealed record Progress(int Percent, string? Step);
}
