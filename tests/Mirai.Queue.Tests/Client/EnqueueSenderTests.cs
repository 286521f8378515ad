using CsCheck;
using Mirai.Queue.Client;
using Mirai.Queue.Store;

namespace Mirai.Queue.Tests.Client;

internal sealed class EnqueueSenderTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(4_000_000_000);

    [Test]
    public void Cut_KeepsEveryTaskOnceInOrder_WithinItsRouteAndBounds() =>
        Gen.Select(Gen.Int[0, 2], Gen.Bool, Gen.Int[0, 2], Gen.Int[0, 400_000]).List[0, 40].Sample(items =>
        {
            var tasks = items.Select(item => Task(item.Item1, item.Item2, item.Item3, item.Item4)).ToList();

            var batches = EnqueueSender.Cut(tasks).ToList();

            return batches.All(batch => batch.Tasks.All(task => task.Route == batch.Route))
                && batches.All(batch => batch.Tasks.Count is > 0 and <= EnqueueSender.MostTasks)
                && batches.All(batch => batch.Tasks.Count == 1
                    || batch.Tasks.Sum(task => task.Encoded.Length) <= EnqueueSender.MostBytes)
                && tasks.GroupBy(task => task.Route).All(route =>
                    route.SequenceEqual(
                        batches.Where(batch => batch.Route == route.Key).SelectMany(batch => batch.Tasks)));
        });

    [Test]
    public void Cut_BoundsTheNumber_WhenTasksAreSmall()
    {
        var batches = EnqueueSender.Cut(Enumerable.Range(0, 1_200).Select(_ => Task(0, false, 0, 1)));

        Assert.That(batches.Select(batch => batch.Tasks.Count), Is.EqualTo(new[] { 500, 500, 200 }));
    }

    private static NewTask Task(int queue, bool unique, int placement, int size) => NewTask.Create(
        new QueueTask("t", new byte[size]),
        new EnqueueOptions
        {
            Queue = $"q{queue}",
            UniqueFor = unique ? TimeSpan.FromMinutes(1) : null,
            ProcessIn = placement == 1 ? TimeSpan.FromMinutes(1) : null,
            Group = placement == 2 ? "g" : null,
        },
        Now);
}
