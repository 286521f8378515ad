using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Mirai.Queue;
using StackExchange.Redis;

namespace Mirai.Platform.Changes;

/// <summary>Changes over one channel of Redis: one subscription per process, a bounded buffer per listener.</summary>
internal sealed partial class ChangeFeed : IChangeFeed, IDisposable
{
    private static readonly RedisChannel Channel = RedisChannel.Literal("mirai:changes");

    // Whoever changes something does not wait for the first connection to a Redis that is away.
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    private readonly RedisConnection redis;
    private readonly TimeProvider time;
    private readonly ILogger<ChangeFeed> logger;
    private readonly ChangeListeners listeners = new();
    private readonly SemaphoreSlim gate = new(1, 1);
    private volatile bool isSubscribed;

    public ChangeFeed(
        IServiceProvider services, IOptions<QueueOptions> options, TimeProvider time, ILogger<ChangeFeed> logger)
    {
        redis = services.FindSharedConnection(options.Value.RedisUrl);
        this.time = time;
        this.logger = logger;
    }

    public async Task PublishAsync(Change change)
    {
        ArgumentNullException.ThrowIfNull(change);
        try
        {
            var message = JsonSerializer.SerializeToUtf8Bytes(change, ChangesJson.Default.Change);
            var connection = await redis.GetAsync().AsTask().WaitAsync(Patience, time);
            await connection.GetSubscriber().PublishAsync(Channel, message, CommandFlags.FireAndForget);
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            LogLost(change.Kind, change.Id, exception.Message);
        }
    }

    public async Task<IAsyncEnumerable<Change>> SubscribeAsync(CancellationToken cancellationToken)
    {
        await EnsureSubscribedAsync(cancellationToken);

        return ListenAsync(listeners.Add(), cancellationToken);
    }

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
                await connection.GetSubscriber().SubscribeAsync(Channel, (_, message) => Hear(message));

                // The subscription comes back by itself; what was said meanwhile does not.
                connection.ConnectionRestored += (_, _) => listeners.Tell(new Change(Change.Missed, Guid.Empty));
                isSubscribed = true;
            }
        }
        finally
        {
            gate.Release();
        }
    }

    private void Hear(RedisValue message)
    {
        try
        {
            if (JsonSerializer.Deserialize((byte[])message!, ChangesJson.Default.Change) is { } change)
            {
                listeners.Tell(change);
            }
        }
        catch (JsonException exception)
        {
            LogUnreadable(exception.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Nobody was told that {Kind} {Id} changed: {Reason}")]
    private partial void LogLost(string kind, Guid id, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A message of a change cannot be read: {Reason}")]
    private partial void LogUnreadable(string reason);
}
