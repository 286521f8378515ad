using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Mirai.Platform.Changes;

/// <summary>Tells every process of changes over one Redis channel, with one subscription for each process and a
/// bounded buffer for each listener.</summary>
public sealed partial class ChangeFeed : IDisposable
{
    private static readonly RedisChannel Channel = RedisChannel.Literal("mirai:changes");

    // A change is committed by then: its author does not wait for the first connection to a Redis that is away.
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromMilliseconds(500);

    private readonly RedisConnection redis;
    private readonly TimeProvider time;
    private readonly ILogger<ChangeFeed> logger;
    private readonly ChangeListeners listeners = new();
    private readonly SemaphoreSlim gate = new(1, 1);
    private volatile bool isSubscribed;

    internal ChangeFeed(RedisConnection redis, TimeProvider time, ILogger<ChangeFeed> logger) =>
        (this.redis, this.time, this.logger) = (redis, time, logger);

    /// <summary>Tells of a change that is committed. A Redis that is away is no error, because whoever waits for a
    /// change also reads from time to time.</summary>
    /// <param name="change">The change.</param>
    /// <returns>Completes when the message is sent or lost.</returns>
    public async Task PublishAsync(Change change)
    {
        ArgumentNullException.ThrowIfNull(change);
        try
        {
            var message = JsonSerializer.SerializeToUtf8Bytes(change, ChangesJson.Default.Change);
            var connection = await redis.GetAsync().AsTask().WaitAsync(ConnectTimeout, time);
            await connection.GetSubscriber().PublishAsync(Channel, message, CommandFlags.FireAndForget);
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            LogLost(change.Kind, change.Id, exception.Message);
        }
    }

    /// <summary>Listens to changes from now on.</summary>
    /// <param name="cancellationToken">Ends the subscription.</param>
    /// <returns>The changes, once the subscription stands. A reader that is too slow loses the oldest changes and gets
    /// a <see cref="Change.Missed"/> for them, as it does after Redis was away.</returns>
    /// <exception cref="RedisException">Redis cannot be reached.</exception>
    /// <exception cref="TimeoutException">Redis does not answer.</exception>
    public async Task<IAsyncEnumerable<Change>> SubscribeAsync(CancellationToken cancellationToken)
    {
        await EnsureSubscribedAsync(cancellationToken);

        return ListenAsync(listeners.Add(), cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => gate.Dispose();

    private async IAsyncEnumerable<Change> ListenAsync(
        ChangeListener listener, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                yield return await listener.ReadAsync(cancellationToken);
            }
        }
        finally
        {
            listeners.Remove(listener);
        }
    }

    private async Task EnsureSubscribedAsync(CancellationToken cancellationToken)
    {
        if (isSubscribed)
        {
            return;
        }

        await gate.WaitAsync(cancellationToken);
        try
        {
            if (!isSubscribed)
            {
                var connection = await redis.GetAsync();
                await connection.GetSubscriber().SubscribeAsync(Channel, (_, message) => Receive(message));

                // The subscription recovers by itself; messages that were sent meanwhile are lost.
                connection.ConnectionRestored += (_, _) => listeners.Publish(new Change(Change.Missed, Guid.Empty));
                isSubscribed = true;
            }
        }
        finally
        {
            gate.Release();
        }
    }

    private void Receive(RedisValue message)
    {
        try
        {
            if (JsonSerializer.Deserialize((byte[])message!, ChangesJson.Default.Change) is { } change)
            {
                listeners.Publish(change);
            }
        }
        catch (JsonException exception)
        {
            LogUnreadable(exception.Message);
        }
    }

    [LoggerMessage(
        Level = LogLevel.Debug,
        Message = "The change of {Kind} {Id} was not published; listeners see it when they read again: "
            + "{Reason}")]
    private partial void LogLost(string kind, Guid id, string reason);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "A message on the Redis channel mirai:changes cannot be read, and Mirai ignores it. Check what else "
            + "publishes there: {Reason}")]
    private partial void LogUnreadable(string reason);
}
