using System.Text.Json.Nodes;
using Google.Protobuf;
using Mirai.Queue.Driver.Output;
using Mirai.Queue.Wire;
using StackExchange.Redis;

namespace Mirai.Queue.Driver.Snapshot;

/// <summary>One value: its bytes, and what they say, as a message or as text.</summary>
internal static class ValueJson
{
    /// <summary>The message that the key's values are, if any.</summary>
    public static MessageParser? KindOf(string key, string? field = null) => key switch
    {
        _ when key.StartsWith("asynq:servers:{", StringComparison.Ordinal) => ServerInfo.Parser,
        _ when key.StartsWith("asynq:workers:{", StringComparison.Ordinal) => WorkerInfo.Parser,
        _ when key.StartsWith("asynq:schedulers:{", StringComparison.Ordinal) => SchedulerEntry.Parser,
        _ when key.StartsWith("asynq:scheduler_history:", StringComparison.Ordinal) => SchedulerEnqueueEvent.Parser,
        _ when key.StartsWith("asynq:{", StringComparison.Ordinal) && field == "msg" => TaskMessage.Parser,
        _ => null,
    };

    public static JsonObject Create(RedisValue value, MessageParser? kind = null)
    {
        byte[] bytes = value!;
        var json = new JsonObject { ["base64"] = Convert.ToBase64String(bytes) };
        if (kind is not null && TryDecode(bytes, kind) is { } message)
        {
            json["decoded"] = MessageJson.Create(message);
        }
        else if (JsonFields.TryText(bytes) is { } text)
        {
            json["text"] = text;
        }

        return json;
    }

    private static IMessage? TryDecode(byte[] bytes, MessageParser kind)
    {
        try
        {
            return kind.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }
    }
}
