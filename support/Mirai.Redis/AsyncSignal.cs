using System.Threading.Channels;

namespace Mirai.Redis;

/// <summary>A flag that one loop waits for. Any thread may set the flag, before the wait or during it; setting the
/// flag twice before one wait counts once.</summary>
internal sealed class AsyncSignal
{
    private readonly Channel<bool> flag = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    public void Set() => flag.Writer.TryWrite(true);

    /// <summary>Waits for the flag and clears it.</summary>
    public async ValueTask WaitAsync(CancellationToken cancellationToken) =>
        await flag.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);

    /// <summary>Waits for the flag, but not longer than <paramref name="timeout"/>.</summary>
    /// <returns><see langword="true"/> when the flag was set.</returns>
    public async ValueTask<bool> WaitAsync(TimeSpan timeout, TimeProvider time, CancellationToken cancellationToken)
    {
        if (flag.Reader.TryRead(out _))
        {
            return true;
        }

        using var timer = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        try
        {
            await flag.Reader.ReadAsync(either.Token).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}
