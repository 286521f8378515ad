using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Mirai.Local.Redis;

namespace Mirai.Faults.Tests.Harness;

/// <summary>The network between a worker and Redis, with its faults. Starts without a fault.</summary>
/// <remarks>A connection that has lost bytes cannot go on: <see cref="Pass"/> resets it, as a peer does that sees a
/// gap it can never fill.</remarks>
internal sealed class FaultProxy : IAsyncDisposable
{
    private readonly ConcurrentDictionary<ProxiedConnection, bool> connections = new();
    private readonly int target;
    private TcpListener? listener;
    private Task accepting = Task.CompletedTask;

    private FaultProxy(int target)
    {
        this.target = target;
        Port = LoopbackPort.FindFree();
        Listen();
    }

    public int Port { get; }

    public string Url => $"127.0.0.1:{Port}";

    /// <summary>How long bytes are held back, each way.</summary>
    public TimeSpan Delay { get; private set; }

    /// <summary>Whether bytes to Redis are dropped.</summary>
    public bool SwallowsCommands { get; private set; }

    /// <summary>Whether bytes from Redis are dropped.</summary>
    public bool SwallowsReplies { get; private set; }

    public static FaultProxy To(RedisServerProcess redis) => new(redis.Port);

    /// <summary>Resets every connection and refuses new ones, until <see cref="Pass"/>.</summary>
    public async Task RefuseAsync()
    {
        listener?.Dispose();
        listener = null;
        await accepting;
        Cut();
    }

    /// <summary>Resets every connection; new ones are accepted.</summary>
    public void Cut()
    {
        foreach (var connection in connections.Keys)
        {
            connection.Dispose();
        }
    }

    /// <summary>Takes bytes and drops them, while connections stay open and new ones are accepted.</summary>
    public void Swallow(bool commands = true, bool replies = true) =>
        (SwallowsCommands, SwallowsReplies) = (commands, replies);

    /// <summary>Holds every byte back, each way.</summary>
    public void Slow(TimeSpan delay) => Delay = delay;

    /// <summary>Ends the fault.</summary>
    public void Pass()
    {
        (SwallowsCommands, SwallowsReplies, Delay) = (false, false, TimeSpan.Zero);
        foreach (var connection in connections.Keys.Where(connection => connection.HasLostBytes))
        {
            connection.Dispose();
        }

        if (listener is null)
        {
            Listen();
        }
    }

    public async ValueTask DisposeAsync() => await RefuseAsync();

    private void Listen()
    {
        listener = new TcpListener(IPAddress.Loopback, Port);
        listener.Server.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        listener.Start();
        accepting = AcceptAsync(listener);
    }

    private async Task AcceptAsync(TcpListener source)
    {
        try
        {
            while (true)
            {
                var client = await source.AcceptSocketAsync();
                _ = ServeAsync(client);
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The proxy refuses connections from now on.
        }
    }

    private async Task ServeAsync(Socket client)
    {
        using var connection = new ProxiedConnection(this, client);
        connections[connection] = true;
        await connection.RunAsync(new IPEndPoint(IPAddress.Loopback, target));
        connections.TryRemove(connection, out _);
    }
}
