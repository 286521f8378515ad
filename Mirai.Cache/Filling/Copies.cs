using Mirai.Cache.Local;
using Mirai.Cache.Store;

namespace Mirai.Cache.Filling;

/// <summary>Everything in this process that may hold what Redis held before: copies, and reads under way.</summary>
internal sealed class Copies(LocalLevel local, Flights flights)
{
    public void Drop(Invalidation invalidation)
    {
        flights.Drop(invalidation);
        local.Drop(invalidation);
    }

    public void DropAll()
    {
        flights.DropAll();
        local.Clear();
    }

    /// <summary>Redis told of a change; without a key, of all.</summary>
    public void Drop(string? key)
    {
        if (key is null)
        {
            // Flights know by their fill's token whether they may store.
            local.Clear();
        }
        else
        {
            // A fill's own write is told like any other; a flight that has answered is not harmed by it.
            Drop(Invalidation.OfEntry(key));
        }
    }
}
