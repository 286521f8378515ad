using CsCheck;
using Mirai.Queue.Scheduler;
using Mirai.Queue.Store;
using Mirai.Queue.Tests.Server;
using StackExchange.Redis;

namespace Mirai.Queue.Tests.Scheduler;

/// <summary>Whatever happens to two schedulers, each tick is enqueued once: none is missed, none comes
/// twice.</summary>
internal sealed class SchedulerPropertyTests : SchedulerTest
{
    private static readonly PeriodicTask[] Tasks =
    [
        Periodic("@every 3s", "mail:interval") with { Missed = MissedTickPolicy.All },
        Periodic("*/7 * * * * *", "mail:seconds") with { Missed = MissedTickPolicy.All },
        Periodic("CRON_TZ=Asia/Kathmandu * * * * *", "mail:minutes") with { Missed = MissedTickPolicy.All },
    ];

    [Test]
    public async Task Ticks_AreEnqueuedOnce_WhenSchedulersAreStartedAndKilledAtRandom()
    {
        var step = Gen.Select(Gen.Int[0, 7], Gen.Int[0, 1], Gen.Int[1, 90]);

        await step.Array[20, 80].SampleAsync(
            async steps =>
            {
                await EmptyRedisAsync();
                CreateStore();
                CreateFaults();
                var world = new World(this);
                foreach (var (operation, which, tenths) in steps)
                {
                    await world.DoAsync(operation, which, tenths / 10d);
                    Assert.That(world.Done, Is.All.Matches<Count>(count => count.Enqueued <= count.Due));
                }

                await world.CatchUpAsync();
                Assert.That(world.Done, Is.All.Matches<Count>(count => count.Enqueued == count.Due));
                Assert.That(After.Select(call => (call.Tick, call.Task!.Type)), Is.Unique);
            },
            iter: 25,
            threads: 1);
    }

    private readonly record struct Count(string Type, int Enqueued, int Due);

    /// <summary>Two schedulers, a worker, and what must have come of them.</summary>
    private sealed class World(SchedulerPropertyTests test)
    {
        private readonly EntryRunner[]?[] schedulers = [Start(test), null];
        private readonly DateTimeOffset began = test.Time.GetUtcNow();
        private readonly Dictionary<string, int> worked = Tasks.ToDictionary(task => task.Task.Type, _ => 0);
        private bool registered;

        /// <summary>Per periodic task: how many tasks there were, and how many ticks.</summary>
        public IEnumerable<Count> Done =>
            Tasks.Select(task => new Count(task.Task.Type, worked[task.Task.Type], CountDue(task)));

        public async Task DoAsync(int operation, int which, double seconds)
        {
            if (!registered)
            {
                await RunAsync();
                registered = true;
            }

            switch (operation)
            {
                case 0: schedulers[which] ??= Start(test); break;
                case 1: schedulers[which] = null; break;
                case 2: await KillWithinAsync(which, FaultyStore.Fault.NotSent, seconds); break;
                case 3: await KillWithinAsync(which, FaultyStore.Fault.ReplyLost, seconds); break;
                case 4: await FailAsync(FaultyStore.Fault.ReplyLost, seconds); break;
                default: test.Pass(seconds); break;
            }

            await RunAsync();
            await CountAsync();
        }

        public async Task CatchUpAsync()
        {
            schedulers[0] ??= Start(test);
            await RunAsync();
            await CountAsync();
        }

        private static EntryRunner[] Start(SchedulerPropertyTests test) =>
            Array.ConvertAll(Tasks, task => test.Runner(task));

        // The process dies while a command is on its way.
        private async Task KillWithinAsync(int which, FaultyStore.Fault fault, double seconds)
        {
            await FailAsync(fault, seconds);
            schedulers[which] = null;
        }

        private async Task FailAsync(FaultyStore.Fault fault, double seconds)
        {
            test.Pass(seconds);
            test.Faults.FailNext(nameof(ISchedulerStore.EnqueueTickAsync), 2, fault);
            await RunAsync();
            test.Faults.Plan(_ => FaultyStore.Fault.None);
        }

        // Both at the same time, each entry by itself, as in life.
        private Task RunAsync() => Task.WhenAll(schedulers.SelectMany(scheduler => scheduler ?? []).Select(RunAsync));

        private static async Task RunAsync(EntryRunner runner)
        {
            try
            {
                await runner.RunOnceAsync(CancellationToken.None);
            }
            catch (RedisConnectionException)
            {
                // On purpose. The loop would try again.
            }
        }

        // Done tasks are gone: nothing but the scheduler's own memory can keep a tick from coming again.
        private async Task CountAsync()
        {
            var expiry = test.Seconds() + 30;
            var taken = await test.Store.TakeAsync("mail", 1000, expiry, withPendingSince: false);
            if (taken.Tasks.Count > 0)
            {
                await test.Store.FinishAsync("mail", [.. taken.Tasks.Select(task => new FinishedTask(
                    new TaskLease("mail", task.Id, expiry), TaskOutcome.Done))]);
            }

            foreach (var task in taken.Tasks)
            {
                worked[task.Message!.Type]++;
            }
        }

        private int CountDue(PeriodicTask task)
        {
            var schedule = CronSpec.Parse(task.Spec, TimeZoneInfo.Utc);
            var now = test.Time.GetUtcNow();
            var due = 0;
            for (var tick = schedule.Next(began); tick <= now; tick = schedule.Next(tick.Value))
            {
                due++;
            }

            return due;
        }
    }
}
