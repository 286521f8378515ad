namespace Mirai.Platform.Changes;

/// <summary>Tells every process of changes, over Redis.</summary>
public interface IChangeFeed
{
    /// <summary>Tells of a change that is committed. Redis being away is no error: whoever waits for a change also
    /// looks from time to time.</summary>
    /// <param name="change">The change.</param>
    /// <returns>Completes when it is on its way, or never will be.</returns>
    Task PublishAsync(Change change);

    /// <summary>Hears changes from now on.</summary>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The changes; once the subscription stands. A reader that is too slow loses the oldest ones and gets a
    /// <see cref="Change.Missed"/> for them, as it does after Redis was away.</returns>
    /// <exception cref="StackExchange.Redis.RedisException">Redis cannot be reached.</exception>
    /// <exception cref="TimeoutException">Redis does not answer.</exception>
    Task<IAsyncEnumerable<Change>> SubscribeAsync(CancellationToken cancellationToken);
}
