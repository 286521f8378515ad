namespace Mirai.Queue.Tests;

internal sealed class RetryDelayTests
{
    [TestCase(0, 15, 44)]
    [TestCase(1, 16, 74)]
    [TestCase(2, 31, 118)]
    [TestCase(5, 640, 814)]
    [TestCase(10, 10_015, 10_334)]
    [TestCase(24, 331_791, 332_516)]
    public void Asynq_SpansTheDocumentedRange(int retried, int least, int most)
    {
        Assert.That(RetryDelay.Asynq(retried, 0), Is.EqualTo(TimeSpan.FromSeconds(least)));
        Assert.That(RetryDelay.Asynq(retried, 29), Is.EqualTo(TimeSpan.FromSeconds(most)));
    }

    [Test]
    public void Default_DrawsEveryJitter()
    {
        var drawn = Enumerable.Range(0, 2_000)
            .Select(_ => RetryDelay.Default(new RetryDelayArguments(0, new InvalidOperationException(), "t")).TotalSeconds);

        Assert.That(drawn.Distinct().Order(), Is.EqualTo(Enumerable.Range(15, 30).Select(seconds => (double)seconds)));
    }

    [TestCase(-1)]
    [TestCase(int.MaxValue)]
    public void Asynq_DoesNotOverflow_WhenTheCountIsAbsurd(int retried) =>
        Assert.That(RetryDelay.Asynq(retried, 29), Is.GreaterThan(TimeSpan.Zero));
}
