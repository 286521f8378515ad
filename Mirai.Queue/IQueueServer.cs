namespace Mirai.Queue;

/// <summary>A worker server of this process, started and stopped with the host.</summary>
public interface IQueueServer
{
    /// <summary>How many tasks run now.</summary>
    int ActiveTasks { get; }

    /// <summary>When Redis stopped answering; <see langword="null"/> while it does.</summary>
    DateTimeOffset? RedisAwaySince { get; }

    /// <summary>Takes no more tasks; tasks that run go on. There is no way back: stop the host when the tasks are
    /// done.</summary>
    /// <returns>Completes when no more task will be taken.</returns>
    Task StopTakingAsync();
}
