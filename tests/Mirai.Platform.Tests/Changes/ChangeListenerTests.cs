using Mirai.Platform.Changes;

namespace Mirai.Platform.Tests.Changes;

internal sealed class ChangeListenerTests
{
    [Test]
    public async Task Read_GivesWhatWasTold_InOrder()
    {
        var listener = new ChangeListener();
        listener.Add(Numbered(1));
        listener.Add(Numbered(2));

        Assert.That(await ReadAsync(listener), Is.EqualTo(Numbered(1)));
        Assert.That(await ReadAsync(listener), Is.EqualTo(Numbered(2)));
    }

    [Test]
    public async Task Read_SaysThatSomeWereMissed_WhenTheReaderIsTooSlow()
    {
        var listener = new ChangeListener();
        for (var i = 0; i < ChangeListener.Capacity + 10; i++)
        {
            listener.Add(Numbered(i));
        }

        Assert.That((await ReadAsync(listener)).Kind, Is.EqualTo(Change.Missed));
        Assert.That(await ReadAsync(listener), Is.EqualTo(Numbered(10)), "the oldest are gone");
        for (var i = 11; i < ChangeListener.Capacity + 10; i++)
        {
            Assert.That(await ReadAsync(listener), Is.EqualTo(Numbered(i)));
        }
    }

    private static Change Numbered(int number) => new(Change.Document, Guid.Empty, null, number);

    private static Task<Change> ReadAsync(ChangeListener listener) =>
        listener.ReadAsync(CancellationToken.None).AsTask().WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System);
}
