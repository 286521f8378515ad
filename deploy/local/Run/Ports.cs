using System.Globalization;
using System.Net;
using Mirai.Local.Redis;

namespace Mirai.Local.Run;

/// <summary>Checks the ports before anything starts, so that a busy port ends the run with one sentence.</summary>
internal static class Ports
{
    public static void Require(int port, string who, string option)
    {
        if (port is < 1 or > IPEndPoint.MaxPort)
        {
            throw new LocalRunException(string.Create(
                CultureInfo.InvariantCulture, $"{option}: {port} is not a port (1 to {IPEndPoint.MaxPort})."));
        }

        if (!LoopbackPort.IsFree(port))
        {
            throw new LocalRunException(string.Create(
                CultureInfo.InvariantCulture,
                $"Port {port} on 127.0.0.1, meant for {who}, is busy. Stop what listens there, or choose another: " +
                $"{option} {port + 1}"));
        }
    }
}
