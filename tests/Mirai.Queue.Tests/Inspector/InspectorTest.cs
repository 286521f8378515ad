using Google.Protobuf;
using Mirai.Queue.Inspector;
using Mirai.Queue.Store;
using Mirai.Queue.Tests.Store;
using Mirai.Queue.Wire;

namespace Mirai.Queue.Tests.Inspector;

/// <summary>An inspector on the test's Redis; when a test ends, the invariants must hold.</summary>
internal abstract class InspectorTest : StoreTest
{
    protected QueueInspector Inspector { get; private set; } = null!;

    /// <summary>For a test that leaves keys behind that are wrong on purpose, or a great many.</summary>
    protected bool SkipsInvariants { get; set; }

    [SetUp]
    public void CreateInspector()
    {
        Inspector = new QueueInspector(Connection(), Store, Time);
        SkipsInvariants = false;
    }

    [TearDown]
    public async Task CheckInvariantsAsync()
    {
        if (!SkipsInvariants)
        {
            Assert.That(await QueueInvariants.CheckAsync(Redis), Is.Empty);
        }
    }

    protected static TaskSelection One(string id) => TaskSelection.One("mail", id);

    protected static TaskSelection In(TaskState state, TaskFilter? filter = null) =>
        TaskSelection.InState("mail", state, filter);

    protected static TaskSelection Group(string group, TaskFilter? filter = null) =>
        TaskSelection.InGroup("mail", group, filter);

    protected Task EnqueueInAsync(TimeSpan delay, params string[] ids) =>
        EnqueueAsync([.. ids.Select(id => NewTask(id, new EnqueueOptions { ProcessIn = delay }))]);

    protected Task EnqueueGroupAsync(string group, params string[] ids) =>
        EnqueueAsync([.. ids.Select(id => NewTask(id, new EnqueueOptions { Group = group }))]);

    /// <summary>Tasks that ran and now are in a state with a score.</summary>
    protected async Task FinishNewAsync(TaskOutcome outcome, long score, params string[] ids)
    {
        await TakeNewAsync(ids);
        await Store.FinishAsync("mail", [.. ids.Select(id => new FinishedTask(Lease(id), outcome, Score: score))]);
    }

    /// <summary>A task in each state: p, s, r, a, c, g (in group "one") and x (active).</summary>
    protected async Task EnqueueOneOfEachStateAsync()
    {
        await FinishNewAsync(TaskOutcome.Retry, Now + 60, "r");
        await FinishNewAsync(TaskOutcome.Archived, Now, "a");
        await FinishNewAsync(TaskOutcome.Completed, Now + 60, "c");
        await TakeNewAsync("x");
        await EnqueueInAsync(TimeSpan.FromHours(1), "s");
        await EnqueueGroupAsync("one", "g");
        await EnqueueAsync(NewTask("p"));
    }

    protected static byte[] Bytes(TaskMessage message) => message.ToByteArray();
}
