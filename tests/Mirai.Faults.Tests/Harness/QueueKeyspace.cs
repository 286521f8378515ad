using Google.Protobuf;
using Mirai.Queue.Wire;
using StackExchange.Redis;

namespace Mirai.Faults.Tests.Harness;

/// <summary>Tasks as any client of Asynq stores them, with plain commands.</summary>
internal static class QueueKeyspace
{
    /// <summary>A task that is kept for an hour after its success.</summary>
    public static TaskMessage NewMessage(string queue, string type, string payload, string id) => new()
    {
        Type = type, Payload = ByteString.CopyFromUtf8(payload), Id = id, Queue = queue, Retry = 25, Timeout = 1_800,
        Retention = 3_600,
    };

    public static async Task AddAsync(IDatabase redis, TaskMessage message)
    {
        await redis.SetAddAsync("asynq:queues", message.Queue);
        await redis.HashSetAsync(
            $"asynq:{{{message.Queue}}}:t:{message.Id}",
            [new("msg", message.ToByteArray()), new("state", "pending")]);
        await redis.ListLeftPushAsync($"asynq:{{{message.Queue}}}:pending", message.Id);
    }
}
