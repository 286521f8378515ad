using System.Net;
using System.Net.Sockets;

namespace Mirai.Local.Redis;

/// <summary>TCP ports of the loopback address of this machine.</summary>
public static class LoopbackPort
{
    private const int First = 20_000;
    private const int Last = 30_000;

    // A Redis in cluster mode also takes the port this far above its own.
    private const int ClusterBusOffset = 10_000;

    /// <summary>Finds a port that is free, together with the port that a cluster node would also use.</summary>
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

    /// <summary>Whether a server can listen on the port now.</summary>
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
