using System.Collections.Concurrent;
using Mirai.Cache.Store;

namespace Mirai.Cache.Filling;

/// <summary>The flights of this process, one per key.</summary>
internal sealed class Flights
{
    private readonly ConcurrentDictionary<string, Flight> running = new(StringComparer.Ordinal);

    /// <summary>Nobody can join any.</summary>
    public bool IsEmpty => running.IsEmpty;

    /// <summary>Takes part in the flight of a key, or begins one, which the caller then has to run.</summary>
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
                // Two callers disagree on what the key holds; each reads for itself.
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

    /// <summary>Nobody joins it any more.</summary>
    public void End(Flight flight) => running.TryRemove(KeyValuePair.Create(flight.Name, flight));

    /// <summary>Callers who come later get a flight of their own: what these have read may be what was
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

    /// <summary>The same for all.</summary>
    public void DropAll() => Drop(_ => true);

    private void Drop(Func<Flight, bool> isMeant)
    {
        foreach (var flight in running.Values.Where(isMeant))
        {
            flight.IsOutdated = true;
            End(flight);
        }
    }
}
