namespace Mirai.Queue;

/// <summary>How tasks lie in Redis. All processes on one database must use the same.</summary>
public enum RedisLayout
{
    /// <summary>That of Asynq 0.18 to 0.26: keys <c>asynq:{&lt;queue&gt;}:…</c>.</summary>
    Current,

    /// <summary>That of Asynq 0.10 and 0.11: keys <c>asynq:queues:&lt;queue&gt;</c>. Payloads are JSON objects; there
    /// are no groups, headers, retention and results, and it is not for a Redis Cluster.</summary>
    Legacy,
}
