using CsCheck;
using Google.Protobuf;
using Mirai.Queue.Store;
using Mirai.Queue.Wire;

namespace Mirai.Queue.Tests.Inspector;

/// <summary>Whatever people do to tasks while workers run them: the invariants hold, and no task gets lost.</summary>
internal sealed class InspectorPropertyTests : InspectorTest
{
    private static readonly TaskState[] States = Enum.GetValues<TaskState>();
    private static readonly TaskOutcome[] Outcomes =
        [TaskOutcome.Done, TaskOutcome.Retry, TaskOutcome.Archived, TaskOutcome.Completed, TaskOutcome.Requeued];

    [Test]
    public async Task Operations_KeepTheInvariants_InAnyOrder()
    {
        var step = Gen.Select(Gen.Int[0, 15], Gen.Int[0, 7], Gen.Int[0, 6]);

        await step.Array[1, 40].SampleAsync(
            async steps =>
            {
                await EmptyRedisAsync();
                CreateStore();
                CreateInspector();
                var world = new World(this);
                foreach (var (operation, which, how) in steps)
                {
                    await world.DoAsync(operation, which, how);
                    Assert.That(await QueueInvariants.CheckAsync(Redis), Is.Empty, $"after {operation} {which} {how}");
                    Assert.That(
                        await World.CountStoredAsync(), Is.EqualTo(world.Expected),
                        $"tasks after {operation} {which} {how}");
                }
            },
            iter: 60,
            threads: 1);
    }

    private sealed class World(InspectorPropertyTests test)
    {
        private readonly List<(TaskLease Lease, TaskMessage Message)> held = [];

        /// <summary>How many tasks Redis must have.</summary>
        public int Expected { get; private set; }

        public Task DoAsync(int operation, int which, int how) => operation switch
        {
            0 or 1 => EnqueueAsync(which, how),
            2 => TakeAsync(how),
            3 => FinishAsync(which, Outcomes[how % Outcomes.Length]),
            4 => PassAsync(how),
            5 => TryAsync(() => test.Inspector.RunTasksAsync(One($"t{which}"))),
            6 => TryAsync(() => test.Inspector.ArchiveTasksAsync(One($"t{which}"))),
            7 => DeleteAsync(which),
            8 => TryAsync(
                () => test.Inspector.RescheduleTasksAsync(One($"t{which}"), test.Time.GetUtcNow().AddSeconds(how))),
            9 => TryAsync(() => test.Inspector.UpdatePayloadsAsync(One($"t{which}"), _ => "new"u8.ToArray())),
            10 => TryAsync(() => test.Inspector.RunTasksAsync(Select(how))),
            11 => TryAsync(() => test.Inspector.ArchiveTasksAsync(Select(how))),
            12 => DeleteAllAsync(how),
            13 => DeleteMatchingAsync(which, how),
            14 => TryAsync(() => test.Inspector.ArchiveTasksAsync(Select(how, OfType(which)))),
            _ => DeleteQueueAsync(force: how > 0),
        };

        public static async Task<int> CountStoredAsync() =>
            (await KeysAsync()).Count(key => key.Contains(":t:", StringComparison.Ordinal));

        private static TaskFilter OfType(int which) => new() { Type = $"type{which % 2}" };

        private static TaskSelection Select(int how, TaskFilter? filter = null) =>
            States[how] == TaskState.Aggregating ? Group("g", filter) : In(States[how], filter);

        private async Task EnqueueAsync(int which, int how)
        {
            var task = test.NewTask(
                $"t{which}",
                how switch
                {
                    0 => new EnqueueOptions { ProcessIn = TimeSpan.FromSeconds(5) },
                    1 => new EnqueueOptions { Group = "g" },
                    2 => new EnqueueOptions { UniqueFor = TimeSpan.FromSeconds(60) },
                    3 => new EnqueueOptions { UniqueFor = TimeSpan.FromSeconds(60), ProcessIn = TimeSpan.FromSeconds(5) },
                    4 => new EnqueueOptions { UniqueFor = TimeSpan.FromSeconds(60), Group = "g" },
                    _ => null,
                },
                type: $"type{which % 2}");
            await test.Store.EnqueueAsync(task.Route, [task]);
            Expected += task.Status == EnqueueStatus.Enqueued ? 1 : 0;
        }

        private async Task TakeAsync(int count)
        {
            var expiry = Seconds() + 30;
            var taken = await test.Store.TakeAsync("mail", count, expiry, withPendingSince: false);
            held.AddRange(taken.Tasks.Select(task => (new TaskLease("mail", task.Id, expiry), task.Message!)));
        }

        private async Task FinishAsync(int which, TaskOutcome outcome)
        {
            if (held.Count == 0)
            {
                return;
            }

            var (lease, message) = held[which % held.Count];
            held.RemoveAt(which % held.Count);
            var lost = await test.Store.FinishAsync("mail",
            [
                new FinishedTask(
                    lease, outcome, message.ToByteArray(), Seconds() + 3, message.UniqueKey.Length > 0
                        ? message.UniqueKey : null),
            ]);
            Assert.That(lost, Is.Empty, "nobody takes a running task away");
            Expected -= outcome == TaskOutcome.Done ? 1 : 0;
        }

        // Leases are not renewed and nothing recovers: time stays short of them.
        private async Task PassAsync(int seconds)
        {
            test.Time.Advance(TimeSpan.FromSeconds(seconds));
            await test.Store.ForwardAsync("mail");
            Expected -= await test.Store.DeleteExpiredCompletedAsync("mail", 2);
        }

        private async Task DeleteAsync(int which) =>
            Expected -= await TryAsync(() => test.Inspector.DeleteTasksAsync(One($"t{which}"))) ? 1 : 0;

        private async Task DeleteAllAsync(int how)
        {
            var before = await CountStoredAsync();
            var count = 0L;
            await TryAsync(async () => count = (await test.Inspector.DeleteTasksAsync(Select(how))).Count);
            Assert.That(await CountStoredAsync(), Is.EqualTo(before - count), "it counts what it deletes");
            Expected -= (int)count;
        }

        private async Task DeleteMatchingAsync(int which, int how)
        {
            var count = 0L;
            await TryAsync(async () => count = (await test.Inspector.DeleteTasksAsync(Select(how, OfType(which)))).Count);
            Expected -= (int)count;
        }

        private async Task DeleteQueueAsync(bool force)
        {
            if (await TryAsync(() => test.Inspector.DeleteQueueAsync("mail", force)))
            {
                Assert.That(await KeysAsync(), Is.Empty);
                Expected = 0;

                // Another process: this one takes the queue for listed.
                test.CreateStore();
                test.CreateInspector();
            }
        }

        private static async Task<bool> TryAsync(Func<Task> operation)
        {
            try
            {
                await operation();
                return true;
            }
            catch (Exception exception) when (exception is TaskNotFoundException or TaskStateException
                or QueueNotFoundException or QueueNotEmptyException or ArgumentException)
            {
                return false; // refused, as it should be: nothing must have changed
            }
        }

        private long Seconds() => test.Time.GetUtcNow().ToUnixTimeSeconds();
    }
}
