using System.Globalization;
using Mirai.Cache.Store;
using StackExchange.Redis;

namespace Mirai.Cache.Local;

/// <summary>CLIENT TRACKING with one server. It takes a connection of its own: Redis sends the news to a subscription
/// that it must be told by number, which the client does not know of its own; under a name that nobody else has it can
/// be found.</summary>
internal sealed class TrackingConnection(
    IEnumerable<string> prefixes, Action<string?> onChange, Action<Exception> onUnavailable) : IAsyncDisposable
{
    private static readonly RedisChannel Channel = RedisChannel.Literal(RedisNames.TrackingChannel);

    // It talks to this server alone, whatever that belongs to.
    private static readonly HashSet<string> Unused = ["CLUSTER", "SENTINEL"];

    private readonly string name = "mirai-cache-" + Random.Shared.NextInt64().ToString(
        "x16", CultureInfo.InvariantCulture);
    private readonly SemaphoreSlim arming = new(1);
    private ConnectionMultiplexer? own;

    /// <summary>Connects, and returns when Redis tells, or when it is known that it will not.</summary>
    public async Task OpenAsync(IConnectionMultiplexer shared, IServer server)
    {
        own = await ConnectionMultiplexer.ConnectAsync(OptionsFor(shared, server)).ConfigureAwait(false);
        own.ConnectionFailed += (_, _) => onChange(null);
        own.ConnectionRestored += (_, _) => _ = ArmAsync();
        await ArmAsync().ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        if (own is not null)
        {
            await own.DisposeAsync().ConfigureAwait(false);
        }
    }

    // Again after each lost connection, of whichever of the two: the server has forgotten, or tells somebody who is
    // gone.
    private async Task ArmAsync()
    {
        await arming.WaitAsync().ConfigureAwait(false);
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
        catch (Exception exception) when (RedisFaults.TryInterpret(exception, out var kind))
        {
            // Lost connections come back, and with them the next attempt.
            if (kind == AnswerKind.Refused)
            {
                onUnavailable(exception);
            }
        }
        finally
        {
            arming.Release();

            // What was read while nobody told may be old.
            onChange(null);
        }
    }

    private string FindOwn(string clients)
    {
        var line = clients.Split('\n').FirstOrDefault(
            client => client.Contains($" name={name} ", StringComparison.Ordinal))
            ?? throw new RedisConnectionException(
                ConnectionFailureType.UnableToConnect, CommandFlags.None, "The subscription is gone again.");

        return line.Split(' ')[0]["id=".Length..];
    }

    // No text: everything changed (FLUSHDB).
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

        // The news of RESP3 do not reach subscribers of the client.
        options.Protocol = RedisProtocol.Resp2;

        return options;
    }
}
