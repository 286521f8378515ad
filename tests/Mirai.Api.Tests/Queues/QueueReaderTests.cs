using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Mirai.Api.Queues;
using Mirai.Queue;

namespace Mirai.Api.Tests.Queues;

internal sealed class QueueReaderTests
{
    private readonly FakeTimeProvider time = new();
    private SilentInspector inspector = null!;
    private QueueReader reader = null!;

    [SetUp]
    public void CreateReader()
    {
        inspector = SilentInspector.Create();
        reader = new QueueReader(inspector.Inspector, Options.Create(new ApiOptions()), time);
    }

    [Test]
    public async Task FindTask_GivesUp_WhenRedisDoesNotAnswer()
    {
        var call = reader.FindTaskAsync("mail", "a", CancellationToken.None);

        time.Advance(TimeSpan.FromSeconds(2.9));
        Assert.That(call.IsCompleted, Is.False);
        time.Advance(TimeSpan.FromSeconds(0.2));

        await Assert.ThatAsync(() => call, Throws.TypeOf<TimeoutException>());
        await inspector.Cancelled;
    }

    [TestCaseSource(nameof(Reads))]
    public async Task Read_GivesUp_WhenRedisDoesNotAnswer(Func<QueueReader, CancellationToken, Task> read)
    {
        var call = read(reader, CancellationToken.None);

        time.Advance(TimeSpan.FromSeconds(3.1));

        await Assert.ThatAsync(() => call, Throws.TypeOf<TimeoutException>());
        await inspector.Cancelled;
    }

    [Test]
    public async Task FindTask_IsCancelled_WhenCallerLeaves()
    {
        using var caller = new CancellationTokenSource();
        var call = reader.FindTaskAsync("mail", "a", caller.Token);

        await caller.CancelAsync();

        await Assert.ThatAsync(() => call, Throws.InstanceOf<OperationCanceledException>());
    }

    private static IEnumerable<TestCaseData<Func<QueueReader, CancellationToken, Task>>> Reads() =>
    [
        Read("queue", (reader, token) => reader.FindAsync("mail", token)),
        Read("queues", (reader, token) => reader.ListAsync(_ => true, token)),
        Read("history", (reader, token) => reader.ListHistoryAsync("mail", 7, token)),
        Read("groups", (reader, token) => reader.ListGroupsAsync("mail", new Paging(), token)),
        Read("servers", (reader, token) => reader.ListServersAsync(token)),
        Read("schedules", (reader, token) => reader.ListSchedulesAsync(token)),
        Read("events", (reader, token) => reader.ListScheduleEventsAsync("e1", new Paging(), token)),
    ];

    private static TestCaseData<Func<QueueReader, CancellationToken, Task>> Read(
        string what, Func<QueueReader, CancellationToken, Task> read) => new(read) { TestName = $"{{m}}({what})" };
}
