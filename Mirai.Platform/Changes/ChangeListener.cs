using System.Threading.Channels;

namespace Mirai.Platform.Changes;

/// <summary>One who listens: what he has not read yet, up to a bound.</summary>
internal sealed class ChangeListener
{
    /// <summary>How many changes wait for a slow reader.</summary>
    public const int Capacity = 256;

    private static readonly Change Missed = new(Change.Missed, Guid.Empty);

    private readonly Channel<Change> waiting;
    private int missed;

    public ChangeListener() => waiting = Channel.CreateBounded<Change>(
        new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true },
        _ => Volatile.Write(ref missed, 1));

    public void Tell(Change change) => waiting.Writer.TryWrite(change);

    public async ValueTask<Change> ReadAsync(CancellationToken cancellationToken)
    {
        await waiting.Reader.WaitToReadAsync(cancellationToken);
        if (Interlocked.Exchange(ref missed, 0) == 1)
        {
            return Missed;
        }

        return await waiting.Reader.ReadAsync(cancellationToken);
    }
}
