namespace Mirai.Redis.Tests;

internal sealed class BackOffTests
{
    private static readonly BackOff BackOff = new(TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(2));

    [TestCase(-1, 50)]
    [TestCase(0, 50)]
    [TestCase(1, 100)]
    [TestCase(5, 1_600)]
    [TestCase(6, 2_000)]
    [TestCase(int.MaxValue, 2_000)]
    public void Bound_DoublesUpToTheLongest(int attempt, int milliseconds) =>
        Assert.That(BackOff.Bound(attempt), Is.EqualTo(TimeSpan.FromMilliseconds(milliseconds)));

    [Test]
    public void Pause_IsSpreadOverTheWholeRange()
    {
        var pauses = Enumerable.Range(0, 1_000).Select(_ => BackOff.Pause(3).TotalMilliseconds).ToList();

        Assert.That(pauses, Is.All.InRange(0, 400));
        Assert.That((pauses.Min(), pauses.Max()), Is.EqualTo((0.0, 400.0)).Within(40));
    }
}
