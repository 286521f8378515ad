namespace Mirai.Cache.Store;

/// <summary>Carries out invalidations in Redis, and reports them to other caches.</summary>
internal sealed class InvalidationStore(IRedisCaller redis, ChangeMessages messages, TimeProvider time)
{
    private readonly EntryStore entries = new(redis, messages, time);
    private readonly KeyRemover remover = new(redis, messages);
    private readonly TagStore tags = new(redis, messages);

    /// <returns>The number of deleted entries; 0 where it is not known.</returns>
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
