using Mirai.Queue.Server.Taking;

namespace Mirai.Queue.Tests.Server;

internal sealed class QueueSelectionTests
{
    [Test]
    public void Select_ServesNamedQueues_WhetherTheyExistOrNot()
    {
        var selection = Selection(options =>
        {
            options.Queues["mail"] = 2;
            options.Queues["off"] = 0;
            options.Queues[" "] = 1;
        });

        Assert.That(selection.Select(["other"]), Is.EqualTo(new[] { "mail" }));
        Assert.That(selection.HasPatterns, Is.False);
    }

    [Test]
    public void Select_ServesTheDefaultQueue_WhenNothingElseIs() =>
        Assert.That(Selection(options => options.Queues["off"] = 0).Select([]), Is.EqualTo(new[] { "default" }));

    [Test]
    public void Select_ServesQueuesOfAPattern_ThatExist()
    {
        var selection = Selection(options =>
        {
            options.Queues["tenant:*"] = 1;
            options.Queues["tenant:closed"] = 0;
            options.Queues["tenant:internal:*"] = 0;
        });

        Assert.That(
            selection.Select(
                ["tenant:1", "tenant:2", "tenant:closed", "tenant:internal:x", "tenant", "Tenant:3", "tenant:*"]),
            Is.EquivalentTo(new[] { "tenant:1", "tenant:2" }));
        Assert.That(selection.Entries, Is.EqualTo(new[] { "tenant:*" }));
    }

    [Test]
    public void Select_ServesAll_WhenThePatternIsAStar() =>
        Assert.That(
            Selection(options => options.Queues["*"] = 1).Select(["a", "b"]), Is.EquivalentTo(new[] { "a", "b" }));

    [TestCase("mail", 5)]
    [TestCase("tenant:1", 1)]
    [TestCase("tenant:vip:1", 3)]
    [TestCase("tenant:vip:2", 9)]
    [TestCase("other", 0)]
    public void WeightOf_IsThatOfTheOwnEntry_ElseOfTheLongestPattern(string queue, int weight)
    {
        var selection = Selection(options =>
        {
            options.Queues["mail"] = 5;
            options.Queues["tenant:*"] = 1;
            options.Queues["tenant:vip:*"] = 3;
            options.Queues["tenant:vip:2"] = 9;
        });

        Assert.That(selection.WeightOf(queue), Is.EqualTo(weight));
    }

    [TestCase("tenant:1", 2)]
    [TestCase("tenant:2", 7)]
    [TestCase("mail", int.MaxValue)]
    public void LimitOf_IsThatOfTheOwnEntry_ElseOfTheLongestPattern(string queue, int limit)
    {
        var selection = Selection(options =>
        {
            options.QueueLimits["tenant:*"] = 2;
            options.QueueLimits["tenant:2"] = 7;
        });

        Assert.That(selection.LimitOf(queue), Is.EqualTo(limit));
    }

    private static QueueSelection Selection(Action<QueueServerOptions> configure)
    {
        var options = new QueueServerOptions();
        configure(options);
        return new QueueSelection(options);
    }
}
