using Mirai.Cache.Degradation;
using Mirai.Cache.Store;

namespace Mirai.Cache.Filling;

/// <summary>Invalidates in this process, in Redis, and through Redis in all other processes. An invalidation that
/// Redis does not take is kept for later.</summary>
internal sealed class Invalidator(InvalidationStore store, Copies copies, Availability availability)
{
    public async ValueTask<Answer<long>> RunAsync(Invalidation invalidation, CancellationToken cancellationToken)
    {
        copies.Drop(invalidation);
        var answer = await store.InvalidateAsync(invalidation, cancellationToken).ConfigureAwait(false);
        if (!answer.IsGiven)
        {
            availability.Keep(invalidation);
        }

        // Again: until Redis had taken the invalidation, a read could find the old entry and keep a copy.
        copies.Drop(invalidation);
        return answer;
    }

    /// <summary>Makes a change that replaces the existing entry. If the change fails, the old entry is invalidated
    /// instead.</summary>
    public async ValueTask<Answer<ChangeReply>> ChangeAsync(EntryStore entries, EntryChange change)
    {
        var invalidation = Invalidation.OfEntry(change.Name);
        copies.Drop(invalidation);

        // The caller's token does not cancel this write: half done, it would be neither a change nor an invalidation.
        var answer = await entries.ChangeAsync(change, CancellationToken.None).ConfigureAwait(false);
        if (answer.IsGiven)
        {
            copies.Drop(invalidation);
            return answer;
        }

        // Redis refuses the write (its memory is full); deletions still work.
        if (answer.Kind == AnswerKind.Refused)
        {
            await RunAsync(invalidation, CancellationToken.None).ConfigureAwait(false);
            return answer;
        }

        Keep(change.Name);
        return answer;
    }

    /// <summary>Keeps the invalidation of an entry for later.</summary>
    public void Keep(string name)
    {
        var invalidation = Invalidation.OfEntry(name);
        availability.Keep(invalidation);
        copies.Drop(invalidation);
    }
}
