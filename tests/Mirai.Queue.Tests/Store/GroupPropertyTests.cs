using CsCheck;
using Mirai.Queue.Store;

namespace Mirai.Queue.Tests.Store;

/// <summary>Any number of servers aggregate, die and put back in any order: the invariants hold, and every task is in
/// one aggregate in the end.</summary>
internal sealed class GroupPropertyTests : StoreTest
{
    private static readonly GroupLimits Limits = new(GracePeriod: 5, MaxDelay: 20, MaxSize: 3);

    [Test]
    public async Task Operations_KeepTheInvariants_InAnyOrder()
    {
        var step = Gen.Select(Gen.Int[0, 7], Gen.Int[0, 5]);

        await step.Array[1, 40].SampleAsync(
            async steps =>
            {
                await EmptyRedisAsync();
                var world = new World(this);
                foreach (var (operation, which) in steps)
                {
                    await world.DoAsync(operation, which);
                    var faults = await QueueInvariants.CheckAsync(Redis);
                    Assert.That(faults, Is.Empty, $"after {operation} {which}");
                }

                await world.FinishAsync();
                Assert.That(world.Aggregated, Is.EquivalentTo(world.Added));
                Assert.That((await KeysAsync()).Where(key => key.Contains(":g:", StringComparison.Ordinal)), Is.Empty);
            },
            iter: 50,
            threads: 1);
    }

    /// <summary>Servers on their way through an aggregation.</summary>
    private sealed class World(GroupPropertyTests test)
    {
        private readonly List<(AggregationSet Set, List<string> Read)> begun = [];
        private int sets;

        public List<string> Added { get; } = [];

        /// <summary>Ids of tasks in aggregates.</summary>
        public List<string> Aggregated { get; } = [];

        public Task DoAsync(int operation, int which) => operation switch
        {
            0 or 1 => AddAsync(which),
            2 or 3 => BeginAsync(which),
            4 => EndAsync(which),
            5 => PutBackAsync(which),
            6 => ReclaimAsync(),
            _ => PassAsync(which),
        };

        public async Task FinishAsync()
        {
            for (var round = 0; round < 100 && Aggregated.Count < Added.Count; round++)
            {
                test.Time.Advance(TimeSpan.FromSeconds(121));
                await ReclaimAsync();
                foreach (var name in (await test.Store.FindDueGroupsAsync("mail", Limits, cursor: 0)).Names)
                {
                    begun.Clear();
                    await BeginAsync(name[^1] - '0');
                    await EndAsync(0);
                }
            }
        }

        private async Task AddAsync(int which)
        {
            var id = $"t{Added.Count}";
            await test.EnqueueAsync(test.NewTask(id, new EnqueueOptions { Group = $"user:{which % 2}" }));
            Added.Add(id);
        }

        private async Task BeginAsync(int which)
        {
            var set = new AggregationSet(
                "mail", $"user:{which % 2}", $"s{sets++}", test.Time.GetUtcNow().ToUnixTimeSeconds() + 120);
            if ((await test.Store.StageGroupAsync(set, Limits, bytes: 1_000)).Size > 0)
            {
                begun.Add((set, [.. (await test.Store.ReadSetAsync(set, skip: 0)).Select(task => task.TaskId)]));
            }
        }

        // The one that ends is not always the one whose set is still its own.
        private async Task EndAsync(int which)
        {
            if (begun.Count > 0)
            {
                var (set, read) = begun[which % begun.Count];
                var handOver = await test.Store.EnqueueAggregateAsync(set, read.Count, test.NewTask($"agg-{set.Id}"));
                Aggregated.AddRange(handOver == AggregateOutcome.Done ? read : []);
            }
        }

        private async Task PutBackAsync(int which)
        {
            if (begun.Count > 0)
            {
                await test.Store.ReturnSetAsync(begun[which % begun.Count].Set);
            }
        }

        private async Task ReclaimAsync()
        {
            foreach (var set in await test.Store.ListLeftSetsAsync("mail"))
            {
                await test.Store.ReturnSetAsync(set);
            }
        }

        private Task PassAsync(int seconds)
        {
            test.Time.Advance(TimeSpan.FromSeconds(seconds * seconds * 5));
            return Task.CompletedTask;
        }
    }
}
