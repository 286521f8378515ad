using System.Net;
using System.Net.Sockets;

namespace Mirai.Local.Redis;

/// <summary>TCP ports of this machine's loopback address.</summary>
public static class LoopbackPort
{
    private const int First = 20_000;
    private const int Last = 30_000;

    // A Redis in cluster mode also takes the port this far above its own.
    private const int ClusterBusOffset = 10_000;

    /// <summary>A port that nobody listens on now, nor on the one a cluster node would take with it.</summary>
    public static int FindFree()
    {
        for (var attempt = 0; attempt < 1_000; attempt++)
        {
            var port = Random.Shared.Next(First, Last);
            if (IsFree(port) && IsFree(port + ClusterBusOffset))
            {
                return port;
            }
        }

        throw new InvalidOperationException($"No free port between {First} and {Last}.");
    }

    /// <summary>Whether one could listen there now.</summary>
    public static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
