using Mirai.Queue.Store;

namespace Mirai.Queue.Tests.Server.Upkeep;

internal sealed class ReclaimerTests : GroupTest
{
    [Test]
    public async Task RunOnce_PutsBackWhatGoLeft_AndTheGroupIsAggregatedAgain()
    {
        var parts = Aggregating();
        await StageAsGoAsync("a", "b");

        await parts.Reclaimer.RunOnceAsync(CancellationToken.None);
        await parts.Aggregator!.RunOnceAsync(CancellationToken.None);

        Assert.That(await DigestsAsync(), Is.EqualTo(new[] { new[] { "a", "b" } }));
        await AssertNothingLeftAsync();
    }

    [Test]
    public async Task RunOnce_LeavesSetsAlone_UntilTheirDeadline()
    {
        var parts = Aggregating();
        await StageAsGoAsync("a");
        await Redis.SortedSetAddAsync("asynq:{mail}:aggregation_sets", "asynq:{mail}:g:user:42:go", Now + 1);
        var before = await DumpAsync();

        await parts.Reclaimer.RunOnceAsync(CancellationToken.None);

        Assert.That(await DumpAsync(), Is.EqualTo(before));
    }

    [Test]
    public async Task RunOnce_PutsBackOnce_WhenTwoServersDoItAtOnce()
    {
        var (one, two) = (Aggregating(), Aggregating());
        var ids = Enumerable.Range(0, 2_500).Select(i => $"t{i:0000}").ToArray();
        await StageAsGoAsync(ids);

        await Task.WhenAll(
            one.Reclaimer.RunOnceAsync(CancellationToken.None), two.Reclaimer.RunOnceAsync(CancellationToken.None));

        Assert.That((await ZSetAsync("asynq:{mail}:g:user:42")).Select(entry => entry.Item1), Is.EqualTo(ids));
        Assert.That(await Redis.KeyExistsAsync("asynq:{mail}:aggregation_sets"), Is.False);
    }

    [Test]
    public async Task RunOnce_SettlesAllSets_WhenThereAreMoreThanAList()
    {
        var parts = Aggregating();
        for (var i = 0; i < 250; i++)
        {
            await Redis.SortedSetAddAsync($"asynq:{{mail}}:g:user:42:s{i}", $"t{i}", Now - 60);
            await Redis.SortedSetAddAsync("asynq:{mail}:aggregation_sets", $"asynq:{{mail}}:g:user:42:s{i}", Now);
        }

        await parts.Reclaimer.RunOnceAsync(CancellationToken.None);

        Assert.That(await Redis.SortedSetLengthAsync("asynq:{mail}:g:user:42"), Is.EqualTo(250));
        Assert.That(await Redis.KeyExistsAsync("asynq:{mail}:aggregation_sets"), Is.False);
    }

    [Test]
    public async Task RunOnce_DeletesWhatAnotherServerLeft_AfterItHadEnqueuedTheAggregate()
    {
        var parts = Aggregating();
        await AddToGroupAsync([.. Enumerable.Range(0, 2_500).Select(i => $"t{i:0000}")]);
        Time.Advance(TimeSpan.FromSeconds(60));
        Faults.FailFirst(nameof(IGroupStore.DeleteAggregatedAsync), 1, FaultyStore.Fault.Refused);

        await parts.Aggregator!.RunOnceAsync(CancellationToken.None);
        Assert.That(
            await Redis.SortedSetLengthAsync((await ZSetAsync("asynq:{mail}:aggregation_sets"))[0].Item1),
            Is.EqualTo(2_000));
        Assert.That(await QueueInvariants.CheckAsync(Redis), Is.Empty);
        await parts.Reclaimer.RunOnceAsync(CancellationToken.None);

        Assert.That((await DigestsAsync()).Single(), Has.Length.EqualTo(2_500));
        await AssertNothingLeftAsync();
        Assert.That(await KeysAsync(), Has.Length.EqualTo(3), "the list of queues, the pending list, the aggregate");
    }

    [Test]
    public async Task RunOnce_PassesOver_WhatIsNoSetOfTheQueue()
    {
        var parts = Aggregating();
        await StageAsGoAsync("a");
        await Redis.SortedSetAddAsync("asynq:{mail}:aggregation_sets", "asynq:{other}:g:user:42:s1", Now - 1);

        await parts.Reclaimer.RunOnceAsync(CancellationToken.None);

        Assert.That(await ZSetAsync("asynq:{mail}:g:user:42"), Is.EqualTo(new[] { ("a", Now - 60d) }));
    }

    // What Go leaves when it dies between its two calls: the set, its deadline, and no name on the list of groups.
    private static async Task StageAsGoAsync(params string[] ids)
    {
        foreach (var id in ids)
        {
            await AddAsGoAsync(id, Now - 60, isListed: false);
        }

        await Redis.KeyRenameAsync("asynq:{mail}:g:user:42", "asynq:{mail}:g:user:42:go");
        await Redis.SortedSetAddAsync("asynq:{mail}:aggregation_sets", "asynq:{mail}:g:user:42:go", Now);
    }
}
