using CsCheck;
using Mirai.Queue.Server.Taking;

namespace Mirai.Queue.Tests.Server;

internal sealed class QueueOrderTests
{
    private static readonly KeyValuePair<string, int>[] Three =
        [KeyValuePair.Create("low", 1), KeyValuePair.Create("critical", 6), KeyValuePair.Create("default", 3)];

    [TestCase(1)]
    [TestCase(7)]
    [TestCase(100)]
    public void Share_FollowsWeights_WhenAllQueuesHaveTasks(int slots)
    {
        var order = new QueueOrder(Three, strict: false);
        var picks = Count(order, 10_000 / slots, slots);

        var total = picks.Values.Sum();
        Assert.That(picks["critical"] / (double)total, Is.EqualTo(0.6).Within(0.012));
        Assert.That(picks["default"] / (double)total, Is.EqualTo(0.3).Within(0.006));
        Assert.That(picks["low"] / (double)total, Is.EqualTo(0.1).Within(0.002));
    }

    [Test]
    public void Share_SharesAmongTheRest_WhenAQueueIsClosed()
    {
        var order = new QueueOrder(Three, strict: false);
        order.OpenAll();
        order.Close(order.Queues.ToList().IndexOf("critical"));

        var shares = order.Share(400);

        Assert.That(shares.ToArray(), Is.EqualTo(new[] { 0, 300, 100 }));
    }

    [Test]
    public void Share_GivesAllToTheGreatestOpenWeight_WhenStrict()
    {
        var order = new QueueOrder(Three, strict: true);
        order.OpenAll();
        Assert.That(order.Share(10).ToArray(), Is.EqualTo(new[] { 10, 0, 0 }));

        order.Close(0);
        Assert.That(order.Share(10).ToArray(), Is.EqualTo(new[] { 0, 10, 0 }));
    }

    [Test]
    public void Share_GivesNothing_WhenAllAreClosed()
    {
        var order = new QueueOrder(Three, strict: false);

        Assert.That(order.Share(5).ToArray(), Is.EqualTo(new[] { 0, 0, 0 }));
    }

    [Test]
    public void Share_StarvesNobodyAndFollowsWeights_ForAnyWeights() =>
        Gen.Int[1, 50].Array[1, 6].Select(Gen.Int[1, 20]).Sample((weights, slots) =>
        {
            var order = new QueueOrder(
                weights.Select((weight, i) => KeyValuePair.Create($"q{i}", weight)), strict: false);
            var sum = weights.Sum();
            var rounds = (20 * sum / slots) + 1;
            var picks = Count(order, rounds, slots);

            // Smooth: after any number of picks no queue is more than a round off its share.
            return weights.Select((weight, i) => Math.Abs(picks[$"q{i}"] - (rounds * slots * (double)weight / sum)))
                .All(off => off <= weights.Length + 1);
        });

    [TestCase(false)]
    [TestCase(true)]
    public void Share_GivesTheRestToTheOthers_WhenAQueueHasLittleRoom(bool strict)
    {
        var order = new QueueOrder(Three, strict);
        order.OpenAll();
        order.Limit(0, 2);
        order.Limit(2, 0);

        Assert.That(order.Share(10).ToArray(), Is.EqualTo(new[] { 2, 8, 0 }));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void Share_LeavesSlotsFree_WhenNobodyHasRoom(bool strict)
    {
        var order = new QueueOrder(Three, strict);
        order.OpenAll();
        for (var queue = 0; queue < 3; queue++)
        {
            order.Limit(queue, 1);
        }

        Assert.That(order.Share(10).ToArray(), Is.EqualTo(new[] { 1, 1, 1 }));
    }

    [Test]
    public void Share_GivesReturnedSlotsToTheirQueueFirst()
    {
        var order = new QueueOrder(Three, strict: false);
        order.OpenAll();
        order.Return(2, 3);

        Assert.That(order.Share(2).ToArray(), Is.EqualTo(new[] { 0, 0, 2 }));
        Assert.That(order.Share(1).ToArray(), Is.EqualTo(new[] { 0, 0, 1 }), "what is left of them");
    }

    [Test]
    public void Share_ForgetsReturnedSlots_WhenTheirQueueIsClosedOrTheRoundEnds()
    {
        var order = new QueueOrder(Three, strict: true);
        order.OpenAll();
        order.Return(2, 3);
        order.Close(2);
        Assert.That(order.Share(2).ToArray(), Is.EqualTo(new[] { 2, 0, 0 }));

        order.OpenAll();
        Assert.That(order.Share(2).ToArray(), Is.EqualTo(new[] { 2, 0, 0 }));
    }

    [Test]
    public void Share_FollowsWeights_ThoughQueuesComeAndGoAllTheTime()
    {
        var order = new QueueOrder(Three, strict: false);
        var picks = order.Queues.ToDictionary(queue => queue, _ => 0);
        for (var i = 0; i < 10_000; i++)
        {
            order = new QueueOrder(
                i % 2 == 0 ? [.. Three, KeyValuePair.Create($"tenant{i}", 1)] : Three, strict: false, order);
            order.OpenAll();
            if (i % 2 == 0)
            {
                order.Close(order.Queues.ToList().IndexOf($"tenant{i}"));
            }

            picks[order.Queues[order.Share(1).IndexOf(1)]]++;
        }

        Assert.That(picks["critical"], Is.EqualTo(6_000).Within(2).Percent);
        Assert.That(picks["default"], Is.EqualTo(3_000).Within(2).Percent);
        Assert.That(picks["low"], Is.EqualTo(1_000).Within(2).Percent);
    }

    [Test]
    public void Share_DoesNotPayOldCreditsForLong_WhenWeightsShrink()
    {
        var old = new QueueOrder(
            [KeyValuePair.Create("huge", 1_000_000), KeyValuePair.Create("a", 1), KeyValuePair.Create("b", 1)],
            strict: false);
        old.OpenAll();
        old.Share(100_000);

        var order = new QueueOrder([KeyValuePair.Create("a", 1), KeyValuePair.Create("b", 1)], strict: false, old);
        order.OpenAll();

        Assert.That(order.Share(100).ToArray(), Has.All.InRange(47, 53));
    }

    [Test]
    public void Queues_AreSortedByWeight() =>
        Assert.That(new QueueOrder(Three, strict: true).Queues, Is.EqualTo(new[] { "critical", "default", "low" }));

    private static Dictionary<string, int> Count(QueueOrder order, int rounds, int slots)
    {
        var picks = order.Queues.ToDictionary(queue => queue, _ => 0);
        for (var round = 0; round < rounds; round++)
        {
            order.OpenAll();
            var shares = order.Share(slots);
            for (var i = 0; i < shares.Length; i++)
            {
                picks[order.Queues[i]] += shares[i];
            }
        }

        return picks;
    }
}
