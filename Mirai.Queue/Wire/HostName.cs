using System.Net;
using System.Net.Sockets;

namespace Mirai.Queue.Wire;

/// <summary>The name of this machine, as inspectors show it.</summary>
internal static class HostName
{
    // The word that Asynq uses when the system does not know its own name.
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
