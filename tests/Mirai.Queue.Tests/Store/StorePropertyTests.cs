using CsCheck;
using Google.Protobuf;
using Mirai.Queue.Store;
using Mirai.Queue.Wire;

namespace Mirai.Queue.Tests.Store;

/// <summary>Any sequence of operations keeps the invariants, and no task gets lost.</summary>
internal sealed class StorePropertyTests : StoreTest
{
    private static readonly TaskOutcome[] Outcomes = Enum.GetValues<TaskOutcome>();

    [Test]
    public async Task Operations_KeepTheInvariants_InAnyOrder()
    {
        var step = Gen.Select(Gen.Int[0, 9], Gen.Int[0, 7], Gen.Int[0, Outcomes.Length - 1]);

        await step.Array[1, 40].SampleAsync(
            async steps =>
            {
                await EmptyRedisAsync();
                var world = new World(this);
                foreach (var (operation, which, how) in steps)
                {
                    await world.DoAsync(operation, which, how);
                    var faults = await QueueInvariants.CheckAsync(Redis);
                    Assert.That(faults, Is.Empty, $"after {operation} {which} {how}");
                }

                Assert.That(
                    await World.CountStoredAsync(), Is.EqualTo(world.Expected),
                    "tasks that are neither kept nor done");
            },
            iter: 60,
            threads: 1);
    }

    /// <summary>Two workers and a producer, and what they believe.</summary>
    private sealed class World(StorePropertyTests test)
    {
        private readonly List<(TaskLease Lease, TaskMessage Message)> held = [];

        /// <summary>How many tasks Redis must have.</summary>
        public int Expected { get; private set; }

        public Task DoAsync(int operation, int which, int how) => operation switch
        {
            0 or 1 => EnqueueAsync(which, how),
            2 or 3 => TakeAsync(how),
            4 or 5 => FinishAsync(which, Outcomes[how], stale: false),
            6 => FinishAsync(which, Outcomes[how], stale: true),
            7 => PassAsync(how),
            8 => ExtendAsync(),
            _ => RecoverAsync(),
        };

        public static async Task<int> CountStoredAsync() =>
            (await KeysAsync()).Count(key => key.Contains(":t:", StringComparison.Ordinal));

        private async Task EnqueueAsync(int which, int how)
        {
            var task = test.NewTask($"t{which}", how switch
            {
                0 => new EnqueueOptions { ProcessIn = TimeSpan.FromSeconds(5) },
                1 => new EnqueueOptions { Group = "g" },
                2 => new EnqueueOptions { UniqueFor = TimeSpan.FromSeconds(60) },
                3 => new EnqueueOptions { UniqueFor = TimeSpan.FromSeconds(60), ProcessIn = TimeSpan.FromSeconds(5) },
                4 => new EnqueueOptions { UniqueFor = TimeSpan.FromSeconds(60), Group = "g" },
                _ => null,
            });
            await test.Store.EnqueueAsync(task.Route, [task]);
            Expected += task.Status == EnqueueStatus.Enqueued ? 1 : 0;
        }

        private async Task TakeAsync(int count)
        {
            var take = LeaseStamp.Next(Seconds() + 30);
            var taken = await test.Store.TakeAsync("mail", count, take, withPendingSince: false);
            held.AddRange(taken.Tasks.Select(task => (new TaskLease("mail", task.Id, take), task.Message!)));
        }

        // A stale worker writes with a lease that somebody may have overtaken; it must never harm the new owner.
        private async Task FinishAsync(int which, TaskOutcome outcome, bool stale)
        {
            if (held.Count == 0)
            {
                return;
            }

            var (lease, message) = held[which % held.Count];
            if (!stale)
            {
                held.RemoveAt(which % held.Count);
            }

            var finished = new FinishedTask(
                lease, outcome, message.ToByteArray(), Seconds() + 3, message.UniqueKey.Length > 0
                    ? message.UniqueKey : null);
            var lost = await test.Store.FinishAsync("mail", [finished]);
            Expected -= outcome is TaskOutcome.Done or TaskOutcome.Dropped && lost.Count == 0 ? 1 : 0;
        }

        private async Task PassAsync(int seconds)
        {
            test.Time.Advance(TimeSpan.FromSeconds(seconds * seconds * 3));
            await test.Store.ForwardAsync("mail");
            Expected -= await test.Store.DeleteExpiredCompletedAsync("mail", 2);
            await test.Store.TrimArchiveAsync("mail", 2);
        }

        private async Task ExtendAsync()
        {
            var expiry = Seconds() + 30;
            var lost = await test.Store.ExtendLeaseAsync("mail", held.ConvertAll(task => task.Lease), expiry);
            foreach (var position in lost.OrderDescending())
            {
                held.RemoveAt(position);
            }
        }

        private async Task RecoverAsync()
        {
            var expired = await test.Store.ListExpiredAsync("mail", Seconds() - 30, skip: 0, count: 10);
            if (expired.Tasks.Count > 0)
            {
                await test.Store.FinishAsync("mail", [.. expired.Tasks.Select(task => new FinishedTask(
                    TaskLease.Seen("mail", task.TaskId, task.Lease), TaskOutcome.Retry, task.Message!.ToByteArray(),
                    Seconds() + 1))]);
            }
        }

        private long Seconds() => test.Time.GetUtcNow().ToUnixTimeSeconds();
    }
}
