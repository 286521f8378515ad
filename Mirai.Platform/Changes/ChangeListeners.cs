using System.Collections.Concurrent;

namespace Mirai.Platform.Changes;

/// <summary>Those who listen in this process.</summary>
internal sealed class ChangeListeners
{
    private readonly ConcurrentDictionary<ChangeListener, bool> all = new();

    public int Count => all.Count;

    public ChangeListener Add()
    {
        var listener = new ChangeListener();
        all[listener] = true;
        return listener;
    }

    public void Remove(ChangeListener listener) => all.TryRemove(listener, out _);

    public void Tell(Change change)
    {
        foreach (var listener in all.Keys)
        {
            listener.Tell(change);
        }
    }
}
