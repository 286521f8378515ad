using Mirai.Queue.Server.Running;

namespace Mirai.Queue.Server.Taking;

/// <summary>Which queue may fill which free slots: the order of the queues, as far as their limits let them. Takes
/// changes of the queues over at the beginning of a round.</summary>
internal sealed class SlotSharing(ServedQueues queues, RunningTasks running)
{
    // How often a queue may try again for slots that its tasks over a limit left empty, before they go to the others.
    private const int MostTries = 8;

    private ServedQueueSet served = queues.Current;
    private QueueOrder order = new(queues.Current.Weights, queues.Current.IsStrict);

    /// <summary>Limits of task types; <see langword="null"/> when there are none.</summary>
    public TypeLimits? Types => served.Types;

    /// <summary>The queue in a place of the order.</summary>
    public ServedQueue this[int queue] => served.Queues[queue];

    /// <summary>Begins a round with all queues there are now.</summary>
    public void Begin()
    {
        var adopted = queues.Adopt();
        if (!ReferenceEquals(adopted, served))
        {
            order = new QueueOrder(adopted.Weights, adopted.IsStrict, order);
            running.Recount(adopted.Types);
            served = adopted;
        }

        order.OpenAll();
    }

    /// <summary>Whether any queue may still give tasks. One that is at its limit may not, and there is a wake-up when
    /// that has changed.</summary>
    public bool AnyOpen()
    {
        if (served.HasLimits)
        {
            ApplyLimits();
        }

        return order.AnyOpen;
    }

    public bool IsOpen(int queue) => order.IsOpen(queue);

    /// <summary>Shares slots among the open queues.</summary>
    public ReadOnlySpan<int> Share(int slots) => order.Share(slots);

    /// <summary>The queue has no more tasks for this round.</summary>
    public void Close(int queue) => order.Close(queue);

    /// <summary>Nothing waits in the list of the queue.</summary>
    public void CloseIfEmpty(int queue)
    {
        if (served.Types?.HaveRoomFor(served.Names[queue]) != true)
        {
            order.Close(queue);
        }
    }

    /// <summary>Slots of the queue are still free because its tasks were over a limit: they stay its own for some
    /// tries.</summary>
    public void GiveBack(int queue, int slots, int tries)
    {
        if (tries < MostTries)
        {
            order.Return(queue, slots);
        }
    }

    private void ApplyLimits()
    {
        for (var i = 0; i < served.Queues.Count; i++)
        {
            var limit = served.Queues[i].Limit;
            var room = limit.Room;
            if (room > 0)
            {
                order.Limit(i, room);
            }
            else if (order.IsOpen(i))
            {
                limit.AwaitRoom();
                order.Close(i);
            }
        }
    }
}
