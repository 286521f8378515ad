using Mirai.Queue.Server.Running;
using Mirai.Queue.Server.Taking;

namespace Mirai.Queue.Tests.Server.Taking;

internal sealed class ServedQueueSetTests
{
    [Test]
    public void Names_HoldNamedQueues_WhetherTheyExistOrNot()
    {
        var set = Set(["other"], options =>
        {
            options.Queues["mail"] = 2;
            options.Queues["off"] = 0;
            options.Queues[" "] = 1;
        });

        Assert.That(set.Names, Is.EqualTo(new[] { "mail" }));
        Assert.That(set.HasPatterns, Is.False);
    }

    [Test]
    public void Names_HoldTheDefaultQueue_WhenNothingElseIsServed() =>
        Assert.That(Set([], options => options.Queues["off"] = 0).Names, Is.EqualTo(new[] { "default" }));

    [Test]
    public void Names_HoldQueuesOfAPattern_ThatExist()
    {
        var set = Set(
            ["tenant:1", "tenant:2", "tenant:closed", "tenant:internal:x", "tenant", "Tenant:3", "tenant:*"],
            options =>
            {
                options.Queues["tenant:*"] = 1;
                options.Queues["tenant:closed"] = 0;
                options.Queues["tenant:internal:*"] = 0;
            });

        Assert.That(set.Names, Is.EquivalentTo(new[] { "tenant:1", "tenant:2" }));
        Assert.That(set.Entries, Is.EqualTo(new[] { "tenant:*" }));
        Assert.That(set.HasPatterns, Is.True);
    }

    [Test]
    public void Names_HoldAllQueues_WhenThePatternIsAStar() => Assert.That(
        Set(["a", "b"], options => options.Queues["*"] = 1).Names, Is.EquivalentTo(new[] { "a", "b" }));

    [Test]
    public void Weights_AreThoseOfTheOwnEntry_ElseOfTheLongestPattern()
    {
        var set = Set(["mail", "tenant:1", "tenant:vip:1", "tenant:vip:2", "other"], options =>
        {
            options.Queues["mail"] = 5;
            options.Queues["tenant:*"] = 1;
            options.Queues["tenant:vip:*"] = 3;
            options.Queues["tenant:vip:2"] = 9;
        });

        Assert.That(set.Weights, Is.EquivalentTo(new Dictionary<string, int>
        {
            ["mail"] = 5, ["tenant:1"] = 1, ["tenant:vip:1"] = 3, ["tenant:vip:2"] = 9,
        }));
    }

    [Test]
    public void Limits_AreThoseOfTheOwnEntry_ElseOfTheLongestPattern()
    {
        var set = Set(["tenant:1", "tenant:2", "mail"], options =>
        {
            options.Queues["*"] = 1;
            options.QueueLimits["tenant:*"] = 2;
            options.QueueLimits["tenant:2"] = 7;
        });

        Assert.That(
            set.Queues.Select(queue => (queue.Name, queue.Limit.Max)),
            Is.EquivalentTo(new[] { ("tenant:1", 2), ("tenant:2", 7), ("mail", int.MaxValue) }));
    }

    [TestCase("tenant:1", false)]
    [TestCase("tenant:2", true)]
    [TestCase("tenant:closed", false)]
    [TestCase("mail", false)]
    public void IsNew_IsTrue_ForAQueueOfAPatternThatIsNotServedYet(string queue, bool isNew)
    {
        var set = Set(["tenant:1"], options =>
        {
            options.Queues["tenant:*"] = 1;
            options.Queues["tenant:closed"] = 0;
        });

        Assert.That(set.IsNew(queue), Is.EqualTo(isNew));
    }

    private static ServedQueueSet Set(string[] existing, Action<QueueServerOptions> configure)
    {
        var options = new QueueServerOptions();
        configure(options);
        return new ServedQueueSet(options, existing, (_, max) => new ConcurrencyLimit(max, () => { }), types: null);
    }
}
