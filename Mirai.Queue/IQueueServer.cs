namespace Mirai.Queue;

/// <summary>A worker server of this process, started and stopped with the host.</summary>
public interface IQueueServer
{
    /// <summary>How many tasks run now.</summary>
    int ActiveTasks { get; }

    /// <summary>When Redis stopped answering; <see langword="null"/> while it does.</summary>
    DateTimeOffset? RedisAwaySince { get; }

    /// <summary>Takes no more tasks; those that run go on. It cannot be undone: stop the host when they are
    /// done.</summary>
    /// <returns>Completes when no more task will be taken.</returns>
    Task StopTakingAsync();
}
