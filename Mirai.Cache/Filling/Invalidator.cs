using Mirai.Cache.Degradation;
using Mirai.Cache.Store;

namespace Mirai.Cache.Filling;

/// <summary>Invalidates: in this process, in Redis, and through Redis in all others; what Redis does not take is
/// kept.</summary>
internal sealed class Invalidator(Deliverer deliverer, Copies copies, Availability availability)
{
    public async ValueTask<Answer<long>> RunAsync(Invalidation invalidation, CancellationToken cancellationToken)
    {
        copies.Drop(invalidation);
        var answer = await deliverer.InvalidateAsync(invalidation, cancellationToken).ConfigureAwait(false);
        if (!answer.IsGiven)
        {
            availability.Keep(invalidation);
        }

        // Again: until just now a read could still find the old entry, and keep it.
        copies.Drop(invalidation);
        return answer;
    }

    /// <summary>Makes a change that replaces what is there: if it cannot be made, at least nobody gets the old
    /// entry.</summary>
    public async ValueTask<Answer<ChangeReply>> ChangeAsync(EntryStore entries, EntryChange change)
    {
        var invalidation = Invalidation.OfEntry(change.Name);
        copies.Drop(invalidation);

        // Nobody's impatience cancels this: half a change is no change and no invalidation.
        var answer = await entries.ChangeAsync(change, CancellationToken.None).ConfigureAwait(false);
        if (answer.IsGiven)
        {
            copies.Drop(invalidation);
            return answer;
        }

        // Redis is there but takes nothing more (its memory is full): deleting works.
        if (answer.Kind == AnswerKind.Refused)
        {
            await RunAsync(invalidation, CancellationToken.None).ConfigureAwait(false);
            return answer;
        }

        Keep(change.Name);
        return answer;
    }

    /// <summary>Keeps for later that an entry is not to be served.</summary>
    public void Keep(string name)
    {
        var invalidation = Invalidation.OfEntry(name);
        availability.Keep(invalidation);
        copies.Drop(invalidation);
    }
}
