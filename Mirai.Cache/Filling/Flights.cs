using System.Collections.Concurrent;
using Mirai.Cache.Store;

namespace Mirai.Cache.Filling;

/// <summary>The flights of this process, one per key.</summary>
internal sealed class Flights
{
    private readonly ConcurrentDictionary<string, Flight> running = new(StringComparer.Ordinal);

    /// <summary>Whether no flight can be joined.</summary>
    public bool IsEmpty => running.IsEmpty;

    /// <summary>Joins the flight of a key, or begins one, which the caller then has to run.</summary>
    public (Flight<T> Flight, bool IsNew) Join<T>(string name, IReadOnlyList<string> tags)
    {
        while (true)
        {
            if (!running.TryGetValue(name, out var flight))
            {
                var begun = new Flight<T>(name, tags);
                if (running.TryAdd(name, begun))
                {
                    return (begun, true);
                }
            }
            else if (flight is not Flight<T> same)
            {
                // Two callers disagree on the type of the entry; each reads for itself.
                return (new Flight<T>(name, tags), true);
            }
            else if (same.TryEnter())
            {
                return (same, false);
            }
            else
            {
                End(same);
            }
        }
    }

    /// <summary>Lets no caller join a flight any more.</summary>
    public void End(Flight flight) => running.TryRemove(KeyValuePair.Create(flight.Name, flight));

    /// <summary>Lets later callers begin a flight of their own: the running ones may have read what was
    /// invalidated.</summary>
    public void Drop(Invalidation invalidation)
    {
        if (invalidation.Kind == InvalidationKind.Entry)
        {
            if (running.TryRemove(invalidation.Text, out var flight))
            {
                flight.IsOutdated = true;
            }

            return;
        }

        Drop(flight => invalidation.Covers(flight.Name, flight.Tags));
    }

    /// <summary>Drops every flight.</summary>
    public void DropAll() => Drop(_ => true);

    private void Drop(Func<Flight, bool> isCovered)
    {
        foreach (var flight in running.Values.Where(isCovered))
        {
            flight.IsOutdated = true;
            End(flight);
        }
    }
}
