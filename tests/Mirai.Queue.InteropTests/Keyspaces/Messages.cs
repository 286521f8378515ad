using Google.Protobuf;
using Mirai.Queue.Wire;

namespace Mirai.Queue.InteropTests.Keyspaces;

/// <summary>Which values of Redis are protobuf messages.</summary>
internal static class Messages
{
    /// <summary>The message type of a value, or <see langword="null"/> when it is none.</summary>
    public static MessageParser? KindOf(string key, string? field) => key switch
    {
        _ when key.StartsWith("asynq:servers:{", StringComparison.Ordinal) => ServerInfo.Parser,
        _ when key.StartsWith("asynq:workers:{", StringComparison.Ordinal) => WorkerInfo.Parser,
        _ when key.StartsWith("asynq:schedulers:{", StringComparison.Ordinal) => SchedulerEntry.Parser,
        _ when key.StartsWith("asynq:scheduler_history:", StringComparison.Ordinal) => SchedulerEnqueueEvent.Parser,
        _ when key.StartsWith("asynq:{", StringComparison.Ordinal) && field == "msg" => TaskMessage.Parser,
        _ => null,
    };
}
