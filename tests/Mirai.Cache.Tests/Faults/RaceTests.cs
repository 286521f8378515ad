using System.Diagnostics;
using System.Globalization;
using CsCheck;
using Mirai.Cache.Racer;

namespace Mirai.Cache.Tests.Faults;

/// <summary>No update is lost, and no lock has two owners, however many callers race for them in however many
/// processes.</summary>
internal sealed class RaceTests : CacheTest
{
    private int round;

    [Test]
    public async Task ETags_LoseNoUpdate_WhateverTheNumbers() =>
        await Gen.Select(Gen.Int[2, 4], Gen.Int[1, 4], Gen.Int[1, 12]).SampleAsync(
        async (processes, callers, turns) =>
        {
            var key = $"counter:{round++}";
            await using var fleet = new Fleet(RedisUrl, processes);
            await Task.WhenAll(fleet.Nodes.SelectMany(node => Enumerable.Range(0, callers).Select(_ => Task.Run(
                () => new ETagRace(node.Cache, key).RunAsync(turns)))));

            var counted = await fleet.Nodes[0].Cache.GetAsync(CacheKey.Of<long>(key));

            Assert.That(counted!.Value, Is.EqualTo(processes * callers * turns));
        },
        iter: 12, threads: 1);

    [Test]
    public async Task Locks_HaveOneOwner_WhateverTheNumbers() =>
        await Gen.Select(Gen.Int[2, 4], Gen.Int[1, 4], Gen.Int[1, 8]).SampleAsync(
        async (processes, callers, turns) =>
        {
            var key = $"job:{round++}";
            await using var fleet = new Fleet(RedisUrl, processes);
            await Task.WhenAll(fleet.Nodes.SelectMany(node => Enumerable.Range(0, callers).Select(_ => Task.Run(
                () => new LockRace(node.Locks, RedisUrl, key).RunAsync(turns)))));

            await AssertOneOwnerAsync(key, processes * callers * turns);
        },
        iter: 8, threads: 1);

    [Test]
    public async Task ETags_LoseNoUpdate_WhenProcessesRace()
    {
        await Task.WhenAll(RaceAsync("etags", "counter:p", 4, 100), RaceAsync("etags", "counter:p", 4, 100));

        var counted = await NewNode().Cache.GetAsync(CacheKey.Of<long>("counter:p"));

        Assert.That(counted!.Value, Is.EqualTo(2 * 4 * 100));
    }

    [Test]
    public async Task Locks_HaveOneOwner_WhenProcessesRace()
    {
        await Task.WhenAll(RaceAsync("locks", "job:p", 3, 60), RaceAsync("locks", "job:p", 3, 60));

        await AssertOneOwnerAsync("job:p", 2 * 3 * 60);
    }

    private static async Task AssertOneOwnerAsync(string key, int turns)
    {
        var tokens = (await Redis.ListRangeAsync($"tokens:{key}")).Select(token => (long)token).ToList();

        Assert.That(await Redis.KeyExistsAsync($"most:{key}"), Is.False, "two were inside");
        Assert.That(tokens, Has.Count.EqualTo(turns));
        Assert.That(tokens, Is.Ordered.Ascending.And.Unique);
    }

    private static async Task RaceAsync(string race, string key, int callers, int turns)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardError = true, UseShellExecute = false };
        foreach (var argument in (string[])
            [typeof(ETagRace).Assembly.Location, RedisUrl, race, key, Text(callers), Text(turns)])
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();

        Assert.That(process.ExitCode, Is.Zero, errors);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private sealed class Fleet(string url, int count) : IAsyncDisposable
    {
        public List<CacheNode> Nodes { get; } = [.. Enumerable.Range(0, count).Select(_ => CacheNode.Create(url))];

        public async ValueTask DisposeAsync()
        {
            foreach (var node in Nodes)
            {
                await node.DisposeAsync();
            }
        }
    }
}
