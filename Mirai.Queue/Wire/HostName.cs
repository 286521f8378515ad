using System.Net;
using System.Net.Sockets;

namespace Mirai.Queue.Wire;

/// <summary>What inspectors call this machine.</summary>
internal static class HostName
{
    // Asynq's word where the system does not know its own name.
    private const string Unknown = "unknown-host";

    public static string Get()
    {
        try
        {
            return Dns.GetHostName();
        }
        catch (SocketException)
        {
            return Unknown;
        }
    }
}
