using System.Globalization;
using System.Net;
using Garnet;
using Garnet.server;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mirai.Local.Redis;

/// <summary>Microsoft Garnet inside this process, for a machine that has only the .NET SDK. Garnet loses all data when
/// it stops.</summary>
public sealed class GarnetRedis : IRedisServer
{
    private readonly GarnetServer server;

    private GarnetRedis(GarnetServer server, int port)
    {
        this.server = server;
        Url = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}");
    }

    public string Url { get; }

    public string Description => $"embedded Garnet on {Url}: VOLATILE, all data is lost when it stops";

    public static async Task<GarnetRedis> StartAsync(int port)
    {
        var server = new GarnetServer(Options(port), NullLoggerFactory.Instance);
        server.Start();
        await RedisPing.WaitAsync(port, TimeSpan.FromSeconds(30), hasEnded: () => false).ConfigureAwait(false);

        return new GarnetRedis(server, port);
    }

    public ValueTask DisposeAsync()
    {
        server.Dispose();
        return ValueTask.CompletedTask;
    }

    // Without transactions, scripts are not atomic. The default device ends the process on a machine without libaio. A
    // small log drops keys that are in use, without an error.
    private static GarnetServerOptions Options(int port) => new()
    {
        EndPoints = [new IPEndPoint(IPAddress.Loopback, port)],
        EnableLua = true,
        LuaOptions = new LuaOptions(NullLogger.Instance),
        LuaTransactionMode = true,
        DeviceType = Tsavorite.core.DeviceType.RandomAccess,
        LogMemorySize = "2g",
        PageSize = "4m",
        IndexMemorySize = "32m",
        EnableStorageTier = false,
        EnableAOF = false,
        QuietMode = true,
    };
}
