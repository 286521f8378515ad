using Mirai.Queue.Wire;

namespace Mirai.Queue.InteropTests.Driver;

/// <summary>Handlers that hold a thread each: the worker goes on with all that keeps its tasks its own.</summary>
internal sealed class WorkBlockingTests : DriverTest
{
    private const int Handlers = 64;

    [Test]
    public async Task Leases_AreRenewed_WhileHandlersBlockMoreThreadsThanThePoolHas()
    {
        for (var i = 0; i < Handlers; i++)
        {
            await AddPendingAsync(new TaskMessage { Id = $"t{i}", Type = "t", Queue = "default", Timeout = 60 });
        }

        await using var driver = Start($"work -concurrency {Handlers} -block 12s -exit-after {Handlers}");
        await WaitForActiveAsync(Handlers);
        var taken = (await Redis.SortedSetRangeByRankWithScoresAsync("asynq:{default}:lease"))
            .Min(lease => lease.Score);
        await WaitUntilAsync(
            async () => await Redis.SortedSetLengthAsync("asynq:{default}:lease", taken + 4) == Handlers,
            "all leases are renewed while all handlers block");

        Assert.That(await Redis.SortedSetLengthAsync("asynq:servers"), Is.EqualTo(1), "the server is on the list");
        var result = await driver.WaitAsync();
        Assert.That(
            result.Lines.Select(line => (string?)line["outcome"]), Is.EqualTo(Enumerable.Repeat("ok", Handlers)));
        Assert.That((long)await Redis.StringGetAsync("asynq:{default}:processed"), Is.EqualTo(Handlers));
    }
}
