using Mirai.Cache.Store;

namespace Mirai.Cache.Degradation;

/// <summary>Invalidations that could not be delivered, in order; each once, where it was last asked for.</summary>
/// <remarks>Not safe for threads: <see cref="Availability"/> guards it together with the status it decides.</remarks>
internal sealed class PendingInvalidations(int most = PendingInvalidations.Most)
{
    /// <summary>Above this many, entries become their whole families (<c>course:*</c>): more is deleted than was asked
    /// for, and nothing is forgotten.</summary>
    public const int Most = 10_000;

    private readonly LinkedList<Invalidation> order = new();
    private readonly Dictionary<Invalidation, LinkedListNode<Invalidation>> places = [];
    private int tolerated;

    public int Count => places.Count;

    /// <summary>The one to deliver next, if any.</summary>
    public Invalidation? Oldest => order.First?.Value;

    public void Add(Invalidation invalidation)
    {
        if (places.Remove(invalidation, out var place))
        {
            order.Remove(place);
        }

        places[invalidation] = order.AddLast(invalidation);
        if (Count > Math.Max(most, tolerated))
        {
            Coarsen();

            // Families and tags cannot be made fewer; to try again for each more of them would be slow.
            tolerated = 2 * Count;
        }
    }

    /// <summary>Forgets one that is delivered, unless it was asked for again meanwhile: then it is not this instance
    /// that stands in the list.</summary>
    public void Remove(Invalidation delivered)
    {
        if (places.TryGetValue(delivered, out var place) && ReferenceEquals(place.Value, delivered))
        {
            places.Remove(delivered);
            order.Remove(place);
            tolerated = Count == 0 ? 0 : tolerated;
        }
    }

    private void Coarsen()
    {
        var all = order.ToList();
        order.Clear();
        places.Clear();
        foreach (var invalidation in all.Select(Coarser))
        {
            if (!places.ContainsKey(invalidation))
            {
                places[invalidation] = order.AddLast(invalidation);
            }
        }
    }

    // A key without a family stays as it is.
    private static Invalidation Coarser(Invalidation invalidation)
    {
        var family = invalidation.Kind == InvalidationKind.Entry ? invalidation.Text.IndexOf(':') : -1;
        return family > 0
            ? Invalidation.OfPattern(CachePattern.AsTold(CachePattern.Escape(invalidation.Text[..(family + 1)]) + "*"))
            : invalidation;
    }
}
