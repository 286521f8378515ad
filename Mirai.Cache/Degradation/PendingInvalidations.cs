using Mirai.Cache.Store;

namespace Mirai.Cache.Degradation;

/// <summary>Invalidations that could not be delivered, in the order of their last request; each is listed
/// once.</summary>
/// <remarks>Not thread-safe: <see cref="Availability"/> guards the list together with its own status.</remarks>
internal sealed class PendingInvalidations(int most = PendingInvalidations.Most)
{
    /// <summary>Above this number, invalidations of entries become invalidations of their key prefix
    /// (<c>course:*</c>): more entries than necessary are deleted, and no invalidation is lost.</summary>
    public const int Most = 10_000;

    private readonly LinkedList<Invalidation> order = new();
    private readonly Dictionary<Invalidation, LinkedListNode<Invalidation>> places = [];
    private int mergedLimit;

    public int Count => places.Count;

    /// <summary>The next invalidation to deliver, if any.</summary>
    public Invalidation? Oldest => order.First?.Value;

    public void Add(Invalidation invalidation)
    {
        if (places.Remove(invalidation, out var place))
        {
            order.Remove(place);
        }

        places[invalidation] = order.AddLast(invalidation);
        if (Count > Math.Max(most, mergedLimit))
        {
            MergeIntoPrefixes();

            // Prefixes and tags cannot be merged further; trying to with every addition would be slow.
            mergedLimit = 2 * Count;
        }
    }

    /// <summary>Removes a delivered invalidation, unless it was requested again meanwhile: then the list holds another
    /// instance.</summary>
    public void Remove(Invalidation delivered)
    {
        if (places.TryGetValue(delivered, out var place) && ReferenceEquals(place.Value, delivered))
        {
            places.Remove(delivered);
            order.Remove(place);
            mergedLimit = Count == 0 ? 0 : mergedLimit;
        }
    }

    private void MergeIntoPrefixes()
    {
        var all = order.ToList();
        order.Clear();
        places.Clear();
        foreach (var invalidation in all.Select(ToPrefix))
        {
            if (!places.ContainsKey(invalidation))
            {
                places[invalidation] = order.AddLast(invalidation);
            }
        }
    }

    // A key without a colon has no prefix, and stays an entry.
    private static Invalidation ToPrefix(Invalidation invalidation)
    {
        var colon = invalidation.Kind == InvalidationKind.Entry ? invalidation.Text.IndexOf(':') : -1;
        return colon > 0
            ? Invalidation.OfPattern(CachePattern.StartingWithUnchecked(invalidation.Text[..(colon + 1)]))
            : invalidation;
    }
}
