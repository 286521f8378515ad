using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Mirai.Cache.Store;
using Mirai.Cache.Telemetry;

namespace Mirai.Cache.Local;

/// <summary>Copies of entries inside the process. Reads take no lock. When space is short, copies that were not read
/// lately are removed (the clock algorithm).</summary>
internal sealed class LocalLevel(LocalLevelOptions options, TimeProvider time, CacheMetrics metrics)
{
    // The memory that a copy takes beside its JSON (bytes, an estimate).
    private const int Overhead = 256;

    // Keys share change counters: a change of another key with the same counter only costs one more clock trip.
    private const int CounterCount = 1024;

    private readonly ConcurrentDictionary<string, LocalCopy> copies = new(StringComparer.Ordinal);
    private readonly Lock gate = new();
    private readonly long[] changeCounters = new long[CounterCount];
    private Queue<LocalCopy> clock = new();
    private long wideChanges;
    private long size;

    /// <summary>Whether this process hears of changes; while it does not, copies are neither kept nor
    /// served.</summary>
    public Func<bool> IsUsable { get; set; } = static () => true;

    public bool IsEnabled => options.IsEnabled;

    public TimeSpan TimeToLive => options.TimeToLive;

    public int Count => copies.Count;

    public long Size => Interlocked.Read(ref size);

    public bool TryGet<T>(string name, [NotNullWhen(true)] out CacheEntry<T>? entry)
    {
        entry = null;
        if (options.IsEnabled && IsUsable() && copies.TryGetValue(name, out var copy) && time.GetUtcNow() < copy.Until)
        {
            entry = copy.Entry as CacheEntry<T>;
            copy.IsTouched = true;
        }

        return entry is not null;
    }

    /// <summary>To be taken before Redis is read; <see cref="Put"/> needs it.</summary>
    public LocalTicket Ticket(string name) =>
        new(Interlocked.Read(ref wideChanges), Interlocked.Read(ref ChangesOf(name)));

    /// <summary>Keeps a copy of an entry that was read, unless there was a change since the ticket was
    /// taken.</summary>
    public void Put<T>(
        LocalTicket ticket, string name, CacheEntry<T> entry, int bytes, TimeSpan timeToLive,
        IReadOnlyList<string> tags)
    {
        var copy = new LocalCopy(name, entry, bytes + Overhead, time.GetUtcNow() + timeToLive, tags);
        if (!options.IsEnabled || timeToLive <= TimeSpan.Zero || copy.Size > options.SizeLimit || !IsUsable())
        {
            return;
        }

        lock (gate)
        {
            if (ticket != Ticket(name))
            {
                return;
            }

            RemoveLocked(name);
            copies[name] = copy;
            clock.Enqueue(copy);
            Grow(copy.Size);
            MakeRoomLocked();
        }
    }

    public void Drop(Invalidation invalidation)
    {
        lock (gate)
        {
            if (invalidation.Kind == InvalidationKind.Entry)
            {
                ChangesOf(invalidation.Text)++;
                RemoveLocked(invalidation.Text);
                return;
            }

            wideChanges++;
            foreach (var copy in copies.Values.Where(copy => invalidation.Covers(copy.Name, copy.Tags)))
            {
                RemoveLocked(copy.Name);
            }
        }
    }

    public void Clear()
    {
        lock (gate)
        {
            wideChanges++;
            copies.Clear();
            clock.Clear();
            Grow(-size);
        }
    }

    private ref long ChangesOf(string name) =>
        ref changeCounters[(uint)name.GetHashCode(StringComparison.Ordinal) % CounterCount];

    private void RemoveLocked(string name)
    {
        if (copies.TryRemove(name, out var copy))
        {
            Grow(-copy.Size);
        }
    }

    private void MakeRoomLocked()
    {
        while (size > options.SizeLimit && clock.TryDequeue(out var copy))
        {
            if (!IsKept(copy))
            {
                continue;
            }

            if (copy.IsTouched && time.GetUtcNow() < copy.Until)
            {
                copy.IsTouched = false;
                clock.Enqueue(copy);
            }
            else
            {
                RemoveLocked(copy.Name);
            }
        }

        // Replaced and dropped copies stay in the clock until its hand reaches them, which may never happen.
        if (clock.Count > (2 * copies.Count) + CounterCount)
        {
            clock = new Queue<LocalCopy>(clock.Where(IsKept));
        }
    }

    private bool IsKept(LocalCopy copy) => copies.TryGetValue(copy.Name, out var kept) && ReferenceEquals(kept, copy);

    private void Grow(long bytes)
    {
        size += bytes;
        metrics.LocalSizeChanged(bytes);
    }
}

/// <summary>The change counters at a moment before Redis was read. When one of them has risen since, what was read
/// must not be kept.</summary>
/// <param name="Wide">Changes by patterns and tags, and of all entries.</param>
/// <param name="Own">Changes of the key.</param>
internal readonly record struct LocalTicket(long Wide, long Own);

/// <summary>A copy of an entry in the first level.</summary>
internal sealed class LocalCopy(string name, object entry, long size, DateTimeOffset until, IReadOnlyList<string> tags)
{
    public string Name => name;

    /// <summary>A <see cref="CacheEntry{T}"/>.</summary>
    public object Entry => entry;

    public long Size => size;

    public DateTimeOffset Until => until;

    public IReadOnlyList<string> Tags => tags;

    /// <summary>Whether the copy was read since the hand of the clock passed it; such a copy stays for another
    /// round.</summary>
    public bool IsTouched { get; set; }
}
