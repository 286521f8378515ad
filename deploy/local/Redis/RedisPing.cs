using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Mirai.Local.Redis;

/// <summary>Sends PING to a server, without a client library.</summary>
public static class RedisPing
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    /// <summary>Waits until the server answers.</summary>
    /// <exception cref="TimeoutException">The server did not answer in time, or has ended.</exception>
    public static async Task WaitAsync(int port, TimeSpan timeout, Func<bool> hasEnded)
    {
        var time = TimeProvider.System;
        var started = time.GetTimestamp();
        while (!await AnswersAsync(port).ConfigureAwait(false))
        {
            if (hasEnded() || time.GetElapsedTime(started) > timeout)
            {
                throw new TimeoutException($"The Redis server on port {port} did not answer within {timeout}.");
            }

            await Task.Delay(Pause, time).ConfigureAwait(false);
        }
    }

    /// <summary>Whether the server answers now. A server that still loads its data does not.</summary>
    public static async Task<bool> AnswersAsync(int port)
    {
        try
        {
            using var client = new TcpClient();
            using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(2));
            await client.ConnectAsync(IPAddress.Loopback, port, timeout.Token).ConfigureAwait(false);
            var stream = client.GetStream();
            await stream.WriteAsync("PING\r\n"u8.ToArray(), timeout.Token).ConfigureAwait(false);
            var reply = new byte[64];
            var length = await stream.ReadAsync(reply, timeout.Token).ConfigureAwait(false);

            // A server that asks for a password runs.
            var answer = Encoding.ASCII.GetString(reply, 0, length);
            return answer.StartsWith("+PONG", StringComparison.Ordinal)
                || answer.StartsWith("-NOAUTH", StringComparison.Ordinal);
        }
        catch (Exception exception) when (exception is SocketException or IOException or OperationCanceledException)
        {
            return false;
        }
    }
}
