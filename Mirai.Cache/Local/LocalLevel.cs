using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Mirai.Cache.Store;
using Mirai.Cache.Telemetry;

namespace Mirai.Cache.Local;

/// <summary>Copies of entries inside the process. Readers take no lock; who is asked for stays (the clock
/// algorithm).</summary>
internal sealed class LocalLevel(LocalLevelOptions options, TimeProvider time, CacheMetrics metrics)
{
    // What a copy costs beside its JSON, roughly.
    private const int Overhead = 256;

    // Keys share counters of news: to be told of another key's change only costs a round trip.
    private const int Stripes = 1024;

    private readonly ConcurrentDictionary<string, LocalCopy> copies = new(StringComparer.Ordinal);
    private readonly Lock gate = new();
    private readonly long[] news = new long[Stripes];
    private Queue<LocalCopy> round = new();
    private long newsOfAll;
    private long size;

    /// <summary>Nothing is kept or served while this says no: nobody would tell of changes.</summary>
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

    /// <summary>To be taken before Redis is asked.</summary>
    public LocalTicket Ticket(string name) => new(Interlocked.Read(ref newsOfAll), Interlocked.Read(ref NewsOf(name)));

    /// <summary>Keeps a copy of what was read with a ticket, unless there was news since.</summary>
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
            round.Enqueue(copy);
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
                NewsOf(invalidation.Text)++;
                RemoveLocked(invalidation.Text);
                return;
            }

            newsOfAll++;
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
            newsOfAll++;
            copies.Clear();
            round.Clear();
            Grow(-size);
        }
    }

    private ref long NewsOf(string name) => ref news[(uint)name.GetHashCode(StringComparison.Ordinal) % Stripes];

    private void RemoveLocked(string name)
    {
        if (copies.TryRemove(name, out var copy))
        {
            Grow(-copy.Size);
        }
    }

    private void MakeRoomLocked()
    {
        while (size > options.SizeLimit && round.TryDequeue(out var copy))
        {
            if (!IsKept(copy))
            {
                continue;
            }

            if (copy.IsTouched && time.GetUtcNow() < copy.Until)
            {
                copy.IsTouched = false;
                round.Enqueue(copy);
            }
            else
            {
                RemoveLocked(copy.Name);
            }
        }

        // Replaced and dropped copies stay in the round until the hand comes by, which it may never.
        if (round.Count > (2 * copies.Count) + Stripes)
        {
            round = new Queue<LocalCopy>(round.Where(IsKept));
        }
    }

    private bool IsKept(LocalCopy copy) => copies.TryGetValue(copy.Name, out var kept) && ReferenceEquals(kept, copy);

    private void Grow(long bytes)
    {
        size += bytes;
        metrics.LocalSizeChanged(bytes);
    }
}
