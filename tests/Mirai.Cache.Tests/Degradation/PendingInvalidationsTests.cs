using Mirai.Cache.Degradation;
using Mirai.Cache.Store;

namespace Mirai.Cache.Tests.Degradation;

internal sealed class PendingInvalidationsTests
{
    [Test]
    public void Oldest_ComesFirst_AndTheNewestLast()
    {
        var pending = new PendingInvalidations();
        foreach (var name in (string[])["a", "b", "c", "a"])
        {
            pending.Add(Invalidation.OfEntry(name));
        }

        Assert.That(Drain(pending), Is.EqualTo(new[] { "b", "c", "a" }), "each once, where it was last asked for");
    }

    [Test]
    public void Remove_Keeps_WhatWasAskedForAgainMeanwhile()
    {
        var pending = new PendingInvalidations();
        pending.Add(Invalidation.OfEntry("a"));
        var delivering = pending.Oldest!;

        pending.Add(Invalidation.OfEntry("a"));
        pending.Remove(delivering);

        Assert.That(pending.Count, Is.EqualTo(1));
    }

    [Test]
    public void Families_TakeThePlaceOfTheirEntries_WhenThereAreTooMany()
    {
        var pending = new PendingInvalidations(most: 4);
        foreach (var name in (string[])["course:1", "alone", "course:[2]", "folder:1:courses", "course:3"])
        {
            pending.Add(Invalidation.OfEntry(name));
        }

        Assert.That(Drain(pending), Is.EqualTo(new[] { "course:*", "alone", "folder:*" }));
    }

    private static List<string> Drain(PendingInvalidations pending)
    {
        var drained = new List<string>();
        while (pending.Oldest is { } next)
        {
            drained.Add(next.Text);
            pending.Remove(next);
        }

        return drained;
    }
}
