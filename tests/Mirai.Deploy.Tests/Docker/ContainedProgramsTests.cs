using System.Globalization;
using Mirai.Deploy.Tests.Redis;
using Mirai.Local.Redis;
using Mirai.Testing;
using StackExchange.Redis;

namespace Mirai.Deploy.Tests.Docker;

/// <summary>API and worker, built by the steps of their Dockerfiles and run as their containers do, as their own users
/// of the Redis that is deployed.</summary>
[RequiresRedisServer]
internal sealed class ContainedProgramsTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private PublishedPrograms programs = null!;
    private DirectoryInfo writable = null!;
    private ConfiguredRedis redis = null!;
    private TestDatabase database = null!;

    [OneTimeSetUp]
    public async Task BuildAsync()
    {
        programs = await PublishedPrograms.BuildAsync("api", "worker");
        writable = Directory.CreateTempSubdirectory("mirai-deploy-tmp-");

        // The temporary folder of both programs, which also holds their database on a machine without PostgreSQL.
        await Shell.RunAsync("chmod", "0777", writable.FullName);
        redis = await ConfiguredRedis.StartAsync();
        database = await TestDatabase.CreateAsync(
            await PostgreSqlServer.FindAsync() is null ? DatabaseKind.Sqlite : DatabaseKind.PostgreSql);
    }

    [OneTimeTearDown]
    public async Task CleanUpAsync()
    {
        await redis.DisposeAsync();
        await database.DisposeAsync();
        writable.Delete(recursive: true);
        programs.Dispose();
    }

    [Test]
    public async Task Course_IsMadeOfADocument_AndBothStopInOrder()
    {
        var before = Snapshot();
        var port = LoopbackPort.FindFree();
        await using var api = Start(
            "api", ("ASPNETCORE_URLS", string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}")));
        await using var worker = Start("worker");
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        await WaitUntilReadyAsync(client, api);

        var journey = new Journey(client);
        await journey.GoAsync();
        var users = (await UserAsync(api), await UserAsync(worker));
        var stoppedApi = await api.TerminateAsync();
        var stoppedWorker = await worker.TerminateAsync();

        Assert.That(journey.Heard, Does.Contain("event: generation-job"), "events reach the API from the worker");
        Assert.That(users, Is.EqualTo(("1654", "1654")).Or.EqualTo((Environment.UserName, Environment.UserName)));
        Assert.That(stoppedApi.ExitCode, Is.Zero, stoppedApi.Output);
        Assert.That(stoppedWorker.ExitCode, Is.Zero, stoppedWorker.Output);
        Assert.That(Snapshot(), Is.EqualTo(before), "neither program wrote into its folder");
        Assert.That(await RefusedAsync(), Is.Empty);
    }

    [TestCase("api")]
    [TestCase("worker")]
    public async Task Program_SaysInOneLine_WhyItDoesNotStart(string program)
    {
        await using var contained = ContainedProcess.Start(
            program, programs.FolderOf(program), writable.FullName, ("REDIS_URL", "nonsense://:secret@x"));

        var (exitCode, output) = await contained.ExitAsync();

        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(
            output.Trim().Split('\n'),
            Has.Length.EqualTo(1).And.All.Contains("did not start").And.All.Not.Contains("secret"));
    }

    private string DatabaseUrl => database.Kind == DatabaseKind.PostgreSql
        ? database.ConnectionString
        : $"Data Source={Path.Combine(writable.FullName, "mirai.db")}";

    private ContainedProcess Start(string program, params (string Name, string Value)[] environment) =>
        ContainedProcess.Start(
        program, programs.FolderOf(program), writable.FullName,
        [
            ("REDIS_URL", redis.Url($"mirai-{program}")),
            ("DATABASE_URL", DatabaseUrl),

            // The test calls the API without a key.
            ("DOTNET_ENVIRONMENT", "Development"),

            // Another program on this machine may use the port of the image.
            ("Ops__Port", "0"),
            .. environment,
        ]);

    private static async Task WaitUntilReadyAsync(HttpClient client, ContainedProcess api) =>
        await RedisWait.UntilAsync(
        async () =>
        {
            if (api.HasExited)
            {
                throw new AssertionException((await api.ExitAsync()).Output);
            }

            try
            {
                using var answer = await client.GetAsync("/health/ready");
                return answer.IsSuccessStatusCode;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        },
        Patience, "the API is ready");

    // The effective user id, as the kernel reports it.
    private static async Task<string> UserAsync(ContainedProcess process)
    {
        var lines = await File.ReadAllLinesAsync($"/proc/{process.Id}/status");
        return Environment.IsPrivilegedProcess
            ? lines.Single(line => line.StartsWith("Uid:", StringComparison.Ordinal)).Split('\t')[2]
            : Environment.UserName;
    }

    private async Task<IEnumerable<string>> RefusedAsync()
    {
        await using var admin = await redis.ConnectAsync("admin");
        var entries = (RedisResult[])(await admin.GetDatabase().ExecuteAsync("ACL", "LOG"))!;

        return entries.Select(entry => string.Join(' ', (string[])entry!));
    }

    private string[] Snapshot() => [.. ((string[])["api", "worker"]).SelectMany(program =>
        new DirectoryInfo(programs.FolderOf(program)).EnumerateFileSystemInfos("*", SearchOption.AllDirectories))
        .Select(entry => string.Create(CultureInfo.InvariantCulture, $"{entry.FullName} {entry.LastWriteTimeUtc:O}"))
        .Order(StringComparer.Ordinal)];
}
