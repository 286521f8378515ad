using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace Mirai.Faults.Tests.Harness;

/// <summary>One connection through a <see cref="FaultProxy"/>.</summary>
internal sealed class ProxiedConnection(FaultProxy proxy, Socket client) : IDisposable
{
    private readonly Socket server = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
    {
        NoDelay = true,
    };

    /// <summary>Whether bytes of this connection were swallowed.</summary>
    public bool HasLostBytes { get; private set; }

    /// <summary>Carries bytes until one side ends.</summary>
    public async Task RunAsync(EndPoint target)
    {
        try
        {
            client.NoDelay = true;
            await server.ConnectAsync(target);
            await Task.WhenAny(
                CarryAsync(client, server, () => proxy.SwallowsCommands),
                CarryAsync(server, client, () => proxy.SwallowsReplies));
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // Redis is down, or the test has reset the connection: the worker sees a reset in both cases.
        }

        Dispose();
    }

    /// <summary>Ends both sides with a TCP reset.</summary>
    public void Dispose()
    {
        foreach (var socket in (Socket[])[client, server])
        {
            try
            {
                socket.LingerState = new LingerOption(true, 0);
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                // Closed already.
            }

            socket.Dispose();
        }
    }

    private async Task CarryAsync(Socket from, Socket to, Func<bool> isSwallowed)
    {
        var waiting = Channel.CreateUnbounded<(DateTimeOffset Due, byte[] Bytes)>();
        var sending = SendAsync(waiting.Reader, to);
        var buffer = new byte[16 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer) is > 0 and var count)
            {
                if (isSwallowed())
                {
                    HasLostBytes = true;
                    continue;
                }

                waiting.Writer.TryWrite((TimeProvider.System.GetUtcNow() + proxy.Delay, buffer[..count]));
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The end of the connection.
        }

        waiting.Writer.Complete();
        await sending;
    }

    private static async Task SendAsync(ChannelReader<(DateTimeOffset Due, byte[] Bytes)> waiting, Socket to)
    {
        try
        {
            await foreach (var (due, bytes) in waiting.ReadAllAsync())
            {
                var pause = due - TimeProvider.System.GetUtcNow();
                if (pause > TimeSpan.Zero)
                {
                    await Task.Delay(pause, TimeProvider.System);
                }

                for (var sent = 0; sent < bytes.Length;)
                {
                    sent += await to.SendAsync(bytes.AsMemory(sent));
                }
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The other side is gone: what waits is lost, as in a real network.
        }
    }
}
