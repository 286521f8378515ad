using System.Globalization;
using Mirai.Cache.Store;
using StackExchange.Redis;

namespace Mirai.Cache.Local;

/// <summary>CLIENT TRACKING with one server, on a connection of its own. Redis sends the changes to a subscription
/// that it knows by the number of its client connection. StackExchange.Redis does not tell that number; a unique
/// client name finds it in CLIENT LIST.</summary>
internal sealed class TrackingConnection(
    IEnumerable<string> prefixes, Action<string?> onChange, Action<Exception> onUnavailable) : IAsyncDisposable
{
    private static readonly RedisChannel Channel = RedisChannel.Literal(RedisNames.TrackingChannel);

    // This connection uses one server alone, also where the server is part of a cluster.
    private static readonly HashSet<string> Unused = ["CLUSTER", "SENTINEL"];

    private readonly string name = "mirai-cache-" + Random.Shared.NextInt64().ToString(
        "x16", CultureInfo.InvariantCulture);
    private readonly SemaphoreSlim starting = new(1);
    private ConnectionMultiplexer? own;

    /// <summary>Connects, and returns when Redis reports changes, or when it is known that Redis will not.</summary>
    public async Task OpenAsync(IConnectionMultiplexer shared, IServer server)
    {
        own = await ConnectionMultiplexer.ConnectAsync(OptionsFor(shared, server)).ConfigureAwait(false);
        own.ConnectionFailed += (_, _) => onChange(null);
        own.ConnectionRestored += (_, _) => _ = StartTrackingAsync();
        await StartTrackingAsync().ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        if (own is not null)
        {
            await own.DisposeAsync().ConfigureAwait(false);
        }
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
            object[] tracked = [.. prefixes.SelectMany(prefix => (object[])["PREFIX", prefix])];
            await database.ExecuteAsync("CLIENT", ["TRACKING", "ON", "REDIRECT", id, "BCAST", .. tracked])
                .ConfigureAwait(false);
        }
        catch (Exception exception) when (CacheFaults.TryInterpret(exception, out var kind))
        {
            // After a lost connection, ConnectionRestored makes the next attempt.
            if (kind == AnswerKind.Refused)
            {
                onUnavailable(exception);
            }
        }
        finally
        {
            starting.Release();

            // Copies that were made without tracking may be old.
            onChange(null);
        }
    }

    private string FindOwn(string clients)
    {
        var line = clients.Split('\n').FirstOrDefault(
            client => client.Contains($" name={name} ", StringComparison.Ordinal))
            ?? throw new RedisConnectionException(
                ConnectionFailureType.UnableToConnect, CommandFlags.None, "CLIENT LIST lacks the subscription.");

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
