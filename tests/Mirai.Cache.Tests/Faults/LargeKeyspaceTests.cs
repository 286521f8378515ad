using System.Globalization;
using Mirai.Local.Redis;
using Mirai.Testing;
using StackExchange.Redis;

namespace Mirai.Cache.Tests.Faults;

/// <summary>A million keys are invalidated, and no command keeps Redis busy for 5 ms.</summary>
[RequiresRedisServer]
[NonParallelizable] // it measures time
internal sealed class LargeKeyspaceTests : CacheTest
{
    private const int Keys = 1_000_000;
    private const long Most = 5_000; // microseconds

    [Test]
    public async Task Invalidate_DeletesAMillionKeys_InStepsUnderFiveMilliseconds()
    {
        await using var server = await RedisServerProcess.StartTemporaryAsync(
            RedisServerProcess.FindExecutable()!, "--enable-debug-command", "yes", "--slowlog-log-slower-than", "5000",
            "--slowlog-max-len", "1000");
        await using var admin = await ConnectionMultiplexer.ConnectAsync(
            $"{server.Url},allowAdmin=true,asyncTimeout=60000");
        var node = NewNode(server.Url);
        await node.Cache.GetAsync(CacheKey.Of<string>("library:index"));
        await admin.GetDatabase().ExecuteAsync(
            "DEBUG", "POPULATE", Keys.ToString(CultureInfo.InvariantCulture), "course", "120");
        await admin.GetDatabase().StringSetAsync("courses:all", "stays");
        await admin.GetServers()[0].ExecuteAsync("SLOWLOG", "RESET");

        var waited = await WaitedMicrosecondsAsync(server);
        var result = await node.Cache.InvalidateAsync(CachePattern.Of("course:*"));

        waited = await WaitedMicrosecondsAsync(server) - waited;
        var slow = (RedisResult[])(await admin.GetDatabase().ExecuteAsync("SLOWLOG", "GET", "1000"))!;
        Assert.That(result, Is.EqualTo(new CacheInvalidation(Keys, IsDelivered: true)));
        Assert.That(
            slow.Sum(entry => (long)entry[2] - Most), Is.LessThanOrEqualTo(slow.Length == 0 ? 0 : waited),
            string.Join(", ", slow.Select(entry => $"{entry[3][0]} {entry[2]} µs")));
        Assert.That(
            await admin.GetDatabase().ExecuteAsync("DBSIZE").ContinueWith(size => (long)size.Result), Is.EqualTo(1));
        await node.DisposeAsync();
    }

    // The slow log measures wall-clock time. On a busy machine this includes the time that Redis waited for a
    // processor, which Linux counts (ns, the second number) and which is not the fault of a command.
    private static async Task<long> WaitedMicrosecondsAsync(RedisServerProcess server)
    {
        var file = $"/proc/{server.ProcessId}/schedstat";
        return File.Exists(file)
            ? long.Parse((await File.ReadAllTextAsync(file)).Split(' ')[1], CultureInfo.InvariantCulture) / 1_000
            : 0;
    }
}
