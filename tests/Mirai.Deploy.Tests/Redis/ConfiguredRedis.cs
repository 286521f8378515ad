using System.Diagnostics;
using System.Globalization;
using Mirai.Local.Redis;
using Mirai.Testing;
using StackExchange.Redis;

namespace Mirai.Deploy.Tests.Redis;

/// <summary>A real redis-server, started as in the container: by <c>deploy/redis/start.sh</c>, from the configuration
/// that is deployed, with its users. Only the addresses and folders differ.</summary>
internal sealed class ConfiguredRedis : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly string[] Users = ["admin", "mirai-api", "mirai-worker", "mirai-reader", "mirai-keda"];

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("mirai-deploy-redis-");
    private readonly string configuration;
    private readonly string[] settings;
    private Process? process;

    private ConfiguredRedis(string configuration, string[] settings)
    {
        this.configuration = configuration;
        this.settings = settings;
        foreach (var name in (string[])["data", "run", "passwords"])
        {
            folder.CreateSubdirectory(name);
        }

        foreach (var user in Users)
        {
            SetPasswords(user, PasswordOf(user));
        }
    }

    public int Port { get; } = LoopbackPort.FindFree();

    public string Passwords => Path.Combine(folder.FullName, "passwords");

    public string AclFile => Path.Combine(folder.FullName, "run", "users.acl");

    /// <summary>Starts a server from a file in <c>deploy/redis</c>. Settings override the file.</summary>
    public static async Task<ConfiguredRedis> StartAsync(string configuration = "redis.conf", params string[] settings)
    {
        var redis = new ConfiguredRedis(configuration, settings);
        try
        {
            await redis.StartAgainAsync();
            return redis;
        }
        catch
        {
            await redis.DisposeAsync();
            throw;
        }
    }

    public static string PasswordOf(string user) => $"{user} secret";

    /// <summary>The address for a user, as the manifests write it.</summary>
    public string Url(string user) => string.Create(
        CultureInfo.InvariantCulture, $"redis://{user}:{Uri.EscapeDataString(PasswordOf(user))}@127.0.0.1:{Port}/0");

    public Task<ConnectionMultiplexer> ConnectAsync(string user) => TestRedis.ConnectAsync(Url(user));

    /// <summary>Writes the file with the passwords of a user, one in each line.</summary>
    public void SetPasswords(string user, params string[] passwords) =>
        File.WriteAllLines(Path.Combine(Passwords, user), passwords);

    public async Task StartAgainAsync()
    {
        var start = new ProcessStartInfo("sh",
        [
            SourceFiles.Find("deploy", "redis", "start.sh"), configuration, "--dir", Path.Combine(
                folder.FullName, "data"),
            "--port", Port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1",
            "--logfile", Path.Combine(folder.FullName, "redis.log"), .. settings,
        ]);
        start.Environment["REDIS_PASSWORDS"] = Passwords;
        start.Environment["REDIS_RUN"] = Path.GetDirectoryName(AclFile);
        process = Process.Start(start)!;
        await RedisPing.WaitAsync(Port, Patience, () => process.HasExited);

        // A server that asks for a password may still load its data.
        await using var admin = await ConnectAsync("admin");
        await RedisWait.UntilAsync(
            async () => !(await InfoAsync(admin, "persistence")).Contains("loading:1", StringComparison.Ordinal),
            Patience, "Redis has loaded its data");
    }

    /// <summary>Ends the server as a crash does.</summary>
    public async Task KillAsync()
    {
        process!.Kill(entireProcessTree: true); // a child may be rewriting the append-only file
        await process.WaitForExitAsync();
        process.Dispose();
        process = null;
    }

    public static async Task<string> InfoAsync(IConnectionMultiplexer connection, string section) =>
        (await connection.GetDatabase().ExecuteAsync("INFO", section)).ToString();

    public async ValueTask DisposeAsync()
    {
        if (process is { HasExited: false })
        {
            await KillAsync();
        }

        folder.Delete(recursive: true);
    }
}
