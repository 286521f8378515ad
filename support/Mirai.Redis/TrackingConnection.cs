using System.Globalization;
using StackExchange.Redis;

namespace Mirai.Redis;

/// <summary>CLIENT TRACKING with one server, on a connection of its own. Redis sends the changes to a subscription
/// that it knows by the number of its client connection. StackExchange.Redis does not tell that number; a unique
/// client name finds it in CLIENT LIST.</summary>
/// <param name="user">The beginning of the client's name in CLIENT LIST.</param>
/// <param name="prefixes">Reports every change of a key that begins like this (BCAST). <see langword="null"/> reports
/// the next change of each key that was read on this connection, once.</param>
/// <param name="onChange">Called with a key that changed; with <see langword="null"/> when any key may have changed,
/// because tracking began, ended or began again.</param>
/// <param name="onRefused">Called when Redis does not track.</param>
internal sealed class TrackingConnection(
    string user, IReadOnlyCollection<string>? prefixes, Action<string?> onChange, Action<Exception> onRefused)
    : IAsyncDisposable
{
    // The channel on which Redis reports changes to clients with a redirected CLIENT TRACKING.
    private static readonly RedisChannel Channel = RedisChannel.Literal("__redis__:invalidate");

    // This connection uses one server alone, also where the server is part of a cluster.
    private static readonly HashSet<string> Unused = ["CLUSTER", "SENTINEL"];

    private readonly string name = user + Random.Shared.NextInt64().ToString("x16", CultureInfo.InvariantCulture);
    private readonly SemaphoreSlim starting = new(1);
    private volatile bool isTracking;
    private ConnectionMultiplexer? own;

    /// <summary>The database behind this connection while Redis tracks what is read on it; else
    /// <see langword="null"/>.</summary>
    public IDatabase? Database => isTracking ? own?.GetDatabase() : null;

    /// <summary>Connects, and returns when Redis reports changes, or when it is known that Redis will not.</summary>
    public async Task OpenAsync(IConnectionMultiplexer shared, IServer server)
    {
        own = await ConnectionMultiplexer.ConnectAsync(OptionsFor(shared, server)).ConfigureAwait(false);
        own.ConnectionFailed += (_, _) => OnLost();
        own.ConnectionRestored += (_, _) => _ = StartTrackingAsync();
        await StartTrackingAsync().ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        isTracking = false;
        if (own is not null)
        {
            await own.DisposeAsync().ConfigureAwait(false);
        }
    }

    private void OnLost()
    {
        isTracking = false;
        onChange(null);
    }

    // Both connections of the client (commands and subscription) matter: when either was lost, the server has
    // forgotten the tracking, or reports to a client that is gone. So it starts again after each of them is restored.
    private async Task StartTrackingAsync()
    {
        await starting.WaitAsync().ConfigureAwait(false);
        try
        {
            var database = own!.GetDatabase();
            await own.GetSubscriber().UnsubscribeAsync(Channel).ConfigureAwait(false);
            await own.GetSubscriber().SubscribeAsync(Channel, OnMessage).ConfigureAwait(false);
            var clients = await database.ExecuteAsync("CLIENT", "LIST", "TYPE", "pubsub").ConfigureAwait(false);
            var id = FindOwn(clients.ToString());
            await database.ExecuteAsync("CLIENT", "TRACKING", "OFF").ConfigureAwait(false);
            object[] mode = prefixes is null
                ? [] : ["BCAST", .. prefixes.SelectMany(prefix => (object[])["PREFIX", prefix])];
            await database.ExecuteAsync("CLIENT", ["TRACKING", "ON", "REDIRECT", id, .. mode]).ConfigureAwait(false);
            isTracking = true;
        }
        catch (Exception exception) when (RedisFaults.IsAway(exception) || exception is ObjectDisposedException)
        {
            // After a lost connection, ConnectionRestored makes the next attempt.
        }
        catch (Exception exception) when (exception is RedisException or RedisCommandException)
        {
            onRefused(exception);
        }
        finally
        {
            starting.Release();

            // What was read without tracking may be old.
            onChange(null);
        }
    }

    private string FindOwn(string clients)
    {
        var line = clients.Split('\n').FirstOrDefault(
            client => client.Contains($" name={name} ", StringComparison.Ordinal))
            ?? throw new RedisCommandException("CLIENT LIST lacks the subscription of this client.");

        return line.Split(' ')[0]["id=".Length..];
    }

    // A message without a key means that every key changed (FLUSHDB).
    private void OnMessage(RedisChannel channel, RedisValue key) => onChange(key.IsNull ? null : key.ToString());

    private ConfigurationOptions OptionsFor(IConnectionMultiplexer shared, IServer server)
    {
        var options = ConfigurationOptions.Parse(shared.Configuration);
        options.EndPoints.Clear();
        options.EndPoints.Add(server.EndPoint);
        options.ServiceName = null;
        options.ClientName = name;
        options.CommandMap = CommandMap.Create(Unused, available: false);
        options.ConfigurationChannel = "";
        options.TieBreaker = "";
        options.AllowAdmin = true;
        options.AbortOnConnectFail = false;

        // With RESP3, the client does not pass these messages on to subscribers.
        options.Protocol = RedisProtocol.Resp2;

        return options;
    }
}
