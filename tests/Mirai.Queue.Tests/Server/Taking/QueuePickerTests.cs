using CsCheck;
using Microsoft.Extensions.Time.Testing;
using Mirai.Queue.Server.Running;
using Mirai.Queue.Server.Taking;

namespace Mirai.Queue.Tests.Server.Taking;

internal sealed class QueuePickerTests
{
    private static readonly KeyValuePair<string, int>[] Three =
        [KeyValuePair.Create("low", 1), KeyValuePair.Create("critical", 6), KeyValuePair.Create("default", 3)];

    [TestCase(1)]
    [TestCase(7)]
    [TestCase(100)]
    public void Share_FollowsWeights_WhenAllQueuesHaveTasks(int slots)
    {
        var picks = Count(Picker(Served(Three)), 10_000 / slots, slots);

        var total = picks.Values.Sum();
        Assert.That(picks["critical"] / (double)total, Is.EqualTo(0.6).Within(0.012));
        Assert.That(picks["default"] / (double)total, Is.EqualTo(0.3).Within(0.006));
        Assert.That(picks["low"] / (double)total, Is.EqualTo(0.1).Within(0.002));
    }

    [Test]
    public void Share_SharesAmongTheRest_WhenAQueueIsClosed()
    {
        var picker = Picker(Served(Three));
        picker.Begin();
        picker.Close(0);

        Assert.That(picker.Share(400).ToArray(), Is.EqualTo(new[] { 0, 300, 100 }));
    }

    [Test]
    public void Share_GivesAllToTheGreatestOpenWeight_WhenStrict()
    {
        var picker = Picker(Served(Three, options => options.StrictPriority = true));
        picker.Begin();
        Assert.That(picker.Share(10).ToArray(), Is.EqualTo(new[] { 10, 0, 0 }));

        picker.Close(0);
        Assert.That(picker.Share(10).ToArray(), Is.EqualTo(new[] { 0, 10, 0 }));
    }

    [Test]
    public void Share_GivesNothing_WhenAllAreClosed()
    {
        var picker = Picker(Served(Three));
        picker.Begin();
        for (var queue = 0; queue < 3; queue++)
        {
            picker.Close(queue);
        }

        Assert.That(picker.AnyOpen(), Is.False);
        Assert.That(picker.Share(5).ToArray(), Is.EqualTo(new[] { 0, 0, 0 }));
    }

    [Test]
    public void Share_StarvesNobodyAndFollowsWeights_ForAnyWeights() =>
        Gen.Int[1, 50].Array[1, 6].Select(Gen.Int[1, 20]).Sample((weights, slots) =>
        {
            var picker = Picker(Served(weights.Select((weight, i) => KeyValuePair.Create($"q{i}", weight))));
            var sum = weights.Sum();
            var rounds = (20 * sum / slots) + 1;
            var picks = Count(picker, rounds, slots);

            // Smooth: after any number of picks no queue is more than a round off its share.
            return weights.Select((weight, i) => Math.Abs(picks[$"q{i}"] - (rounds * slots * (double)weight / sum)))
                .All(off => off <= weights.Length + 1);
        });

    [TestCase(false)]
    [TestCase(true)]
    public void Share_GivesTheRestToTheOthers_WhenAQueueHasLittleRoom(bool strict)
    {
        var picker = Picker(Served(Three, options =>
        {
            options.StrictPriority = strict;
            (options.QueueLimits["critical"], options.QueueLimits["low"]) = (2, 0);
        }));
        picker.Begin();
        Assert.That(picker.AnyOpen(), Is.True);

        Assert.That(picker.Share(10).ToArray(), Is.EqualTo(new[] { 2, 8, 0 }));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void Share_LeavesSlotsFree_WhenNobodyHasRoom(bool strict)
    {
        var picker = Picker(Served(Three, options =>
        {
            options.StrictPriority = strict;
            options.QueueLimits["*"] = 1;
        }));
        picker.Begin();
        Assert.That(picker.AnyOpen(), Is.True);

        Assert.That(picker.Share(10).ToArray(), Is.EqualTo(new[] { 1, 1, 1 }));
    }

    [Test]
    public void AnyOpen_IsFalse_WhenEveryQueueIsAtItsLimit_UntilATaskEnds()
    {
        var wakeUps = 0;
        var served = Served(Three, options => options.QueueLimits["*"] = 1, () => wakeUps++);
        var picker = Picker(served);
        foreach (var queue in picker.Queues)
        {
            queue.Limit.Enter();
        }

        picker.Begin();
        Assert.That((picker.AnyOpen(), wakeUps), Is.EqualTo((false, 0)));

        picker.Queues[1].Limit.Leave();
        picker.Begin();
        Assert.That((picker.AnyOpen(), wakeUps), Is.EqualTo((true, 1)));
        Assert.That(picker.Share(10).ToArray(), Is.EqualTo(new[] { 0, 1, 0 }));
    }

    [Test]
    public void Share_GivesReservedSlotsToTheirQueueFirst()
    {
        var picker = Picker(Served(Three));
        picker.Begin();
        picker.Reserve(2, 3, tries: 0);

        Assert.That(picker.Share(2).ToArray(), Is.EqualTo(new[] { 0, 0, 2 }));
        Assert.That(picker.Share(1).ToArray(), Is.EqualTo(new[] { 0, 0, 1 }), "the rest of the reserved slots");
    }

    [Test]
    public void Share_ForgetsReservedSlots_WhenTheirQueueIsClosedOrTheRoundEnds()
    {
        var picker = Picker(Served(Three, options => options.StrictPriority = true));
        picker.Begin();
        picker.Reserve(2, 3, tries: 0);
        picker.Close(2);
        Assert.That(picker.Share(2).ToArray(), Is.EqualTo(new[] { 2, 0, 0 }));

        picker.Begin();
        Assert.That(picker.Share(2).ToArray(), Is.EqualTo(new[] { 2, 0, 0 }));
    }

    [Test]
    public void Reserve_DoesNothing_AfterManyTries()
    {
        var picker = Picker(Served(Three, options => options.StrictPriority = true));
        picker.Begin();

        picker.Reserve(2, 3, tries: 8);

        Assert.That(picker.Share(2).ToArray(), Is.EqualTo(new[] { 2, 0, 0 }));
    }

    [Test]
    public void Share_FollowsWeights_ThoughQueuesComeAndGoAllTheTime()
    {
        var served = Served(Three);
        var picker = Picker(served);
        var picks = picker.Queues.ToDictionary(queue => queue.Name, _ => 0);
        for (var i = 0; i < 10_000; i++)
        {
            served.Apply(Options(i % 2 == 0 ? [.. Three, KeyValuePair.Create($"tenant{i}", 1)] : Three));
            picker.Begin();
            if (i % 2 == 0)
            {
                picker.Close(picker.Queues.Select(queue => queue.Name).ToList().IndexOf($"tenant{i}"));
            }

            picks[picker.Queues[picker.Share(1).IndexOf(1)].Name]++;
        }

        Assert.That(picks["critical"], Is.EqualTo(6_000).Within(2).Percent);
        Assert.That(picks["default"], Is.EqualTo(3_000).Within(2).Percent);
        Assert.That(picks["low"], Is.EqualTo(1_000).Within(2).Percent);
    }

    [Test]
    public void Share_DoesNotPayOldCreditsForLong_WhenWeightsShrink()
    {
        var two = new[] { KeyValuePair.Create("a", 1), KeyValuePair.Create("b", 1) };
        var served = Served([KeyValuePair.Create("huge", 1_000_000), .. two]);
        var picker = Picker(served);
        picker.Begin();
        picker.Share(100_000);

        served.Apply(Options(two));
        picker.Begin();

        Assert.That(picker.Share(100).ToArray(), Has.All.InRange(47, 53));
    }

    [Test]
    public void Queues_AreSortedByWeight() => Assert.That(
        Picker(Served(Three)).Queues.Select(queue => queue.Name), Is.EqualTo(new[] { "critical", "default", "low" }));

    private static QueueServerOptions Options(
        IEnumerable<KeyValuePair<string, int>> weights, Action<QueueServerOptions>? configure = null)
    {
        var options = new QueueServerOptions();
        foreach (var (queue, weight) in weights)
        {
            options.Queues[queue] = weight;
        }

        configure?.Invoke(options);
        return options;
    }

    private static ServedQueues Served(
        IEnumerable<KeyValuePair<string, int>> weights, Action<QueueServerOptions>? configure = null,
        Action? onRoom = null) =>
        new(Options(weights, configure), onRoom ?? (() => { }), new FakeTimeProvider());

    private static QueuePicker Picker(ServedQueues served) => new(served, new RunningTasks(1));

    private static Dictionary<string, int> Count(QueuePicker picker, int rounds, int slots)
    {
        var picks = picker.Queues.ToDictionary(queue => queue.Name, _ => 0);
        for (var round = 0; round < rounds; round++)
        {
            picker.Begin();
            var shares = picker.Share(slots);
            for (var i = 0; i < shares.Length; i++)
            {
                picks[picker.Queues[i].Name] += shares[i];
            }
        }

        return picks;
    }
}
