using Mirai.Cache.Local;
using Mirai.Cache.Store;

namespace Mirai.Cache.Filling;

/// <summary>Everything in this process that may hold an older state of Redis: the copies of the first level, and
/// running reads.</summary>
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

    /// <summary>Redis has reported a change of one key, or without a key a change of all keys.</summary>
    public void Drop(string? key)
    {
        if (key is null)
        {
            // Flights stay: the token of their fill tells whether they may store.
            local.Clear();
        }
        else
        {
            // Redis also reports the write of this process' own fill; its flight has answered by then.
            Drop(Invalidation.OfEntry(key));
        }
    }
}
