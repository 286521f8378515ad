using System.Diagnostics;
using System.Globalization;
using Mirai.Local.Redis;
using Mirai.Testing;
using StackExchange.Redis;

namespace Mirai.Cache.Tests.Faults;

/// <summary>A million keys are invalidated, and no command keeps Redis busy for 5 ms.</summary>
[RequiresRedisServer]
internal sealed class LargeKeyspaceTests : CacheTest
{
    private const int Keys = 1_000_000;

    [Test]
    public async Task Invalidate_DeletesAMillionKeys_InStepsUnderFiveMilliseconds()
    {
        await using var server = await RedisServerProcess.StartTemporaryAsync(
            RedisServerProcess.FindExecutable()!, "--enable-debug-command", "yes", "--slowlog-log-slower-than", "5000",
            "--slowlog-max-len", "1000");
        await FavourAsync(server.ProcessId);
        await using var admin = await ConnectionMultiplexer.ConnectAsync($"{server.Url},allowAdmin=true,asyncTimeout=60000");
        var node = NewNode(server.Url);
        await node.Cache.GetAsync(CacheKeys.LibraryIndex);
        await admin.GetDatabase().ExecuteAsync("DEBUG", "POPULATE", Keys.ToString(CultureInfo.InvariantCulture), "course", "120");
        await admin.GetDatabase().StringSetAsync("courses:all", "stays");
        await admin.GetServers()[0].ExecuteAsync("SLOWLOG", "RESET");

        var result = await node.Cache.InvalidateAsync(CachePattern.Of("course:*"));

        var slow = (RedisResult[])(await admin.GetDatabase().ExecuteAsync("SLOWLOG", "GET", "10"))!;
        Assert.That(result, Is.EqualTo(new CacheInvalidation(Keys, IsDelivered: true)));
        Assert.That(slow.Select(entry => $"{entry[2]} µs: {entry[3][0]}"), Is.Empty);
        Assert.That(await admin.GetDatabase().ExecuteAsync("DBSIZE").ContinueWith(size => (long)size.Result), Is.EqualTo(1));
        await node.DisposeAsync();
    }

    // The slow log goes by the wall clock, in which the time of everybody else on a busy machine counts. Where we may not, the
    // machine had better be quiet.
    private static async Task FavourAsync(int processId)
    {
        var start = new ProcessStartInfo("renice", ["-n", "-19", "-p", processId.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var renice = Process.Start(start)!;
        await renice.WaitForExitAsync();
    }
}
