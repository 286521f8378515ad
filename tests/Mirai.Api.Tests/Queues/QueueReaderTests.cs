using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Mirai.Api.Queues;

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

    [Test]
    public async Task List_GivesUp_WhenRedisDoesNotAnswer()
    {
        var call = reader.ListAsync(_ => true, CancellationToken.None);

        time.Advance(TimeSpan.FromSeconds(3.1));

        await Assert.ThatAsync(() => call, Throws.TypeOf<TimeoutException>());
    }

    [Test]
    public async Task FindTask_IsCancelled_WhenCallerLeaves()
    {
        using var caller = new CancellationTokenSource();
        var call = reader.FindTaskAsync("mail", "a", caller.Token);

        await caller.CancelAsync();

        await Assert.ThatAsync(() => call, Throws.InstanceOf<OperationCanceledException>());
    }
}
