using Mirai.Cache.Store;

namespace Mirai.Cache.Degradation;

/// <summary>Brings an invalidation to Redis.</summary>
internal sealed class Deliverer(IRedisCaller redis, ChangeMessages messages, TimeProvider time)
{
    private readonly EntryStore entries = new(redis, messages, time);
    private readonly KeyRemover remover = new(redis, messages);
    private readonly TagStore tags = new(redis, messages);

    /// <summary>Makes up for it.</summary>
    /// <returns><see langword="false"/> when Redis did not take it.</returns>
    public async ValueTask<bool> DeliverAsync(Invalidation invalidation, CancellationToken cancellationToken) =>
        (await InvalidateAsync(invalidation, cancellationToken).ConfigureAwait(false)).IsGiven;

    /// <returns>How many entries were deleted, where that is known.</returns>
    public async ValueTask<Answer<long>> InvalidateAsync(
        Invalidation invalidation, CancellationToken cancellationToken)
    {
        switch (invalidation.Kind)
        {
            case InvalidationKind.Entry:
                var change = EntryChange.Deletion(invalidation.Text);
                return (await entries.ChangeAsync(change, cancellationToken).ConfigureAwait(false)).As(0L);
            case InvalidationKind.Pattern:
                return await remover.RemoveAsync(invalidation.Pattern!, cancellationToken).ConfigureAwait(false);
            default:
                return (await tags.RenewAsync(invalidation.Text, cancellationToken).ConfigureAwait(false)).As(0L);
        }
    }
}
