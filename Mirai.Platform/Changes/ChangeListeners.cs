using System.Collections.Concurrent;
using System.Threading.Channels;

namespace Mirai.Platform.Changes;

/// <summary>The listeners of this process.</summary>
internal sealed class ChangeListeners
{
    private readonly ConcurrentDictionary<ChangeListener, bool> all = new();

    public int Count => all.Count;

    public ChangeListener Add()
    {
        var listener = new ChangeListener();
        all[listener] = true;
        return listener;
    }

    public void Remove(ChangeListener listener) => all.TryRemove(listener, out _);

    public void Publish(Change change)
    {
        foreach (var listener in all.Keys)
        {
            listener.Add(change);
        }
    }
}

/// <summary>One listener: a bounded buffer of the changes that it has not read yet.</summary>
internal sealed class ChangeListener
{
    /// <summary>The most changes that wait for a slow reader.</summary>
    public const int Capacity = 256;

    private static readonly Change Missed = new(Change.Missed, Guid.Empty);

    private readonly Channel<Change> buffer;
    private int hasLost;

    public ChangeListener() => buffer = Channel.CreateBounded<Change>(
        new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true },
        _ => Volatile.Write(ref hasLost, 1));

    public void Add(Change change) => buffer.Writer.TryWrite(change);

    public async ValueTask<Change> ReadAsync(CancellationToken cancellationToken)
    {
        await buffer.Reader.WaitToReadAsync(cancellationToken);
        if (Interlocked.Exchange(ref hasLost, 0) == 1)
        {
            return Missed;
        }

        return await buffer.Reader.ReadAsync(cancellationToken);
    }
}
