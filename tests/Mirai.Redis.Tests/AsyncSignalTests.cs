using Microsoft.Extensions.Time.Testing;

namespace Mirai.Redis.Tests;

internal sealed class AsyncSignalTests
{
    private readonly FakeTimeProvider time = new();
    private readonly AsyncSignal signal = new();

    [Test]
    public async Task Wait_ReturnsAtOnce_WhenTheFlagWasSetBefore()
    {
        signal.Set();
        signal.Set();

        Assert.That(await signal.WaitAsync(TimeSpan.FromHours(1), time, CancellationToken.None), Is.True);
        var second = signal.WaitAsync(TimeSpan.FromHours(1), time, CancellationToken.None).AsTask();
        Assert.That(second.IsCompleted, Is.False, "two settings before one wait count once");
    }

    [Test]
    public async Task Wait_EndsWithoutTheFlag_WhenTheTimeIsOver()
    {
        var wait = signal.WaitAsync(TimeSpan.FromSeconds(5), time, CancellationToken.None);

        time.Advance(TimeSpan.FromSeconds(5));

        Assert.That(await wait, Is.False);
    }

    [Test]
    public async Task Wait_Throws_WhenTheCallerCancels()
    {
        using var cancellation = new CancellationTokenSource();
        var wait = signal.WaitAsync(TimeSpan.FromSeconds(5), time, cancellation.Token).AsTask();

        await cancellation.CancelAsync();

        Assert.That(async () => await wait, Throws.InstanceOf<OperationCanceledException>());
    }
}
