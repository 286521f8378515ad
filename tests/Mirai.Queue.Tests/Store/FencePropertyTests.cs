using CsCheck;
using Google.Protobuf;
using Mirai.Queue.Store;
using Mirai.Queue.Wire;

namespace Mirai.Queue.Tests.Store;

/// <summary>Workers with different clocks take, renew and finish in any order, and never forget a take: they may have
/// been frozen, or cut off. A write counts exactly when the task still belongs to the take of its worker.</summary>
internal sealed class FencePropertyTests : StoreTest
{
    private static readonly int[] Clocks = [-300, 0, 300];

    private static readonly TaskOutcome[] Outcomes =
        [TaskOutcome.Done, TaskOutcome.Requeued, TaskOutcome.Retry, TaskOutcome.Archived, TaskOutcome.Completed];

    [Test]
    public async Task Writes_CountOnly_WhileTheirTakeOwnsTheTask()
    {
        var step = Gen.Select(Gen.Int[0, 8], Gen.Int[0, 2], Gen.Int[0, 30]);

        await step.Array[1, 50].SampleAsync(
            async steps =>
            {
                await EmptyRedisAsync();
                var world = new World(this);
                foreach (var (operation, worker, which) in steps)
                {
                    await world.DoAsync(operation, Clocks[worker], which);
                    Assert.That(await QueueInvariants.CheckAsync(Redis), Is.Empty, $"after {operation} {which}");
                }
            },
            iter: 80,
            threads: 1);
    }

    private sealed class World(FencePropertyTests test)
    {
        private readonly Dictionary<string, TaskLease> owners = new(StringComparer.Ordinal);
        private readonly List<(TaskLease Lease, TaskMessage Message)> takes = [];
        private int tasks;

        public Task DoAsync(int operation, int clock, int which) => operation switch
        {
            0 => EnqueueAsync(),
            1 or 2 => TakeAsync(clock, which % 3),
            3 => RenewAsync(clock),
            4 or 5 => FinishAsync(which, Outcomes[which % Outcomes.Length]),
            6 => WriteResultAsync(which),
            7 => RecoverAsync(clock),
            _ => PassAsync(which),
        };

        private Task EnqueueAsync() => test.EnqueueAsync(test.NewTask($"t{tasks++}"));

        private async Task TakeAsync(int clock, int count)
        {
            var take = LeaseStamp.Next(Seconds() + clock + 30);
            foreach (var task in (await test.Store.TakeAsync("mail", count, take, false)).Tasks)
            {
                var lease = new TaskLease("mail", task.Id, take);
                owners[task.Id] = lease;
                takes.Add((lease, task.Message!));
            }
        }

        // Of all takes ever, also those that were lost long ago.
        private async Task RenewAsync(int clock)
        {
            if (takes.Count == 0)
            {
                return;
            }

            var lost = await test.Store.ExtendLeaseAsync(
                "mail", takes.ConvertAll(take => take.Lease), Seconds() + clock + 30);

            Assert.That(
                lost, Is.EqualTo(Enumerable.Range(0, takes.Count).Where(i => !IsOwner(takes[i].Lease))));
        }

        private async Task FinishAsync(int which, TaskOutcome outcome)
        {
            if (takes.Count == 0)
            {
                return;
            }

            var (lease, message) = takes[which % takes.Count];
            var lost = await test.Store.FinishAsync(
                "mail", [new FinishedTask(lease, outcome, message.ToByteArray(), Seconds() + 3)]);

            Assert.That(lost, IsOwner(lease) ? Is.Empty : Is.EqualTo(new[] { 0 }));
            if (lost.Count == 0)
            {
                owners.Remove(lease.TaskId);
            }
        }

        private async Task WriteResultAsync(int which)
        {
            if (takes.Count > 0)
            {
                var lease = takes[which % takes.Count].Lease;
                Assert.That(
                    await test.Store.WriteResultAsync(lease, "done"u8.ToArray()), Is.EqualTo(IsOwner(lease)));
            }
        }

        private async Task RecoverAsync(int clock)
        {
            var expired = await test.Store.ListExpiredAsync("mail", Seconds() + clock - 30, skip: 0, count: 10);
            var recovered = expired.Tasks.Select(task => new FinishedTask(
                TaskLease.Seen("mail", task.TaskId, task.Lease), TaskOutcome.Retry, task.Message!.ToByteArray(),
                Seconds() + 1)).ToList();
            if (recovered.Count > 0)
            {
                Assert.That(await test.Store.FinishAsync("mail", recovered), Is.Empty);
                recovered.ForEach(task => owners.Remove(task.Lease.TaskId));
            }
        }

        private async Task PassAsync(int seconds)
        {
            test.Time.Advance(TimeSpan.FromSeconds(seconds * 3));
            await test.Store.ForwardAsync("mail");
        }

        private bool IsOwner(TaskLease lease) => ReferenceEquals(owners.GetValueOrDefault(lease.TaskId), lease);

        private long Seconds() => test.Time.GetUtcNow().ToUnixTimeSeconds();
    }
}
