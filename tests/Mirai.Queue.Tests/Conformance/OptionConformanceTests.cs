using System.Text;
using Mirai.Queue.Legacy;

namespace Mirai.Queue.Tests.Conformance;

/// <summary>Options that only one layout can carry: the other refuses them, and says which and why.</summary>
[TestFixture(RedisLayout.Current)]
[TestFixture(RedisLayout.Legacy)]
internal sealed class OptionConformanceTests(RedisLayout layout) : ConformanceTest(layout)
{
    private static IEnumerable<TestCaseData> Options() =>
    [
        new(new EnqueueOptions { TaskId = "mine" }, "TaskId"),
        new(new EnqueueOptions { TaskId = "7A1C1D8E-0F5B-4C39-9A53-2F3D0B8D7E11" }, "TaskId"),
        new(new EnqueueOptions { Retention = TimeSpan.FromHours(1) }, "Retention"),
        new(new EnqueueOptions { Group = "daily" }, "Group"),
        new(new EnqueueOptions { Headers = new Dictionary<string, string> { ["a"] = "b" } }, "Headers"),
    ];

    [TestCaseSource(nameof(Options))]
    public void Create_RefusesTheOption_WhenTheLayoutCannotCarryIt(EnqueueOptions options, string name)
    {
        if (Which == RedisLayout.Current)
        {
            Assert.That(() => NewTask(options), Throws.Nothing);
            return;
        }

        Assert.That(
            () => NewTask(options),
            Throws.TypeOf<LayoutNotSupportedException>().With.Message.Contains(name)
                .And.Message.Contains("RedisLayout.Legacy"));
    }

    [TestCase("text")]
    [TestCase("")]
    [TestCase("[1]")]
    [TestCase("{\"a\":\"\\ud800\"}")]
    public void Create_RefusesAPayloadThatIsNoJsonObject_InTheLegacyLayout(string payload)
    {
        if (Which == RedisLayout.Current)
        {
            Assert.That(NewTask(payload: payload).Message.Payload.ToStringUtf8(), Is.EqualTo(payload));
            return;
        }

        Assert.That(
            () => NewTask(payload: payload),
            Throws.TypeOf<LayoutNotSupportedException>().With.Message.Contains("Payload")
                .And.Message.Contains("RedisLayout.Legacy"));
    }

    [Test]
    public void Create_TakesNoRetention_AsNone() =>
        Assert.That(NewTask(new EnqueueOptions { Retention = TimeSpan.Zero }).Message.Retention, Is.Zero);

    [Test]
    public void Create_LowersTheQueuesName_OnlyInTheLegacyLayout() =>
        Assert.That(
            NewTask(queue: "CriTical").Message.Queue,
            Is.EqualTo(Which == RedisLayout.Legacy ? "critical" : "CriTical"));

    [Test]
    public void Create_WritesTheTimeoutThatHolds_WhenTheTimeoutIsZero()
    {
        var task = Layout.Store.CreateTask(
            new QueueTask("t", Encoding.UTF8.GetBytes("{}")), new EnqueueOptions { Timeout = TimeSpan.Zero },
            Time.GetUtcNow());

        Assert.That(task.Message.Timeout, Is.EqualTo(1_800));
    }
}
