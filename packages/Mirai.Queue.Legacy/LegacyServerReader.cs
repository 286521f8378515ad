using System.Text.Json;
using Mirai.Queue.Server.Finishing;
using StackExchange.Redis;

namespace Mirai.Queue.Legacy;

/// <summary>Reads the records of servers and of the tasks that they run.</summary>
internal static class LegacyServerReader
{
    /// <returns><see langword="null"/> when the text is not the record of a server.</returns>
    public static QueueServerInfo? Read(byte[] server, IEnumerable<RedisValue> workers) => TryRead(server, json =>
        new QueueServerInfo
        {
            Id = Text(json, "ServerID"),
            Host = Text(json, "Host"),
            ProcessId = json.GetProperty("PID").GetInt32(),
            Concurrency = json.GetProperty("Concurrency").GetInt32(),
            Queues = json.GetProperty("Queues").EnumerateObject()
                .ToDictionary(queue => queue.Name, queue => queue.Value.GetInt32()),
            StrictPriority = json.GetProperty("StrictPriority").GetBoolean(),
            Started = json.GetProperty("Started").GetDateTimeOffset().ToUniversalTime(),
            Status = Word(Text(json, "Status")),
            ActiveTasks =
            [
                .. workers.Select(worker => TryRead((byte[])worker!, ReadWorker)).OfType<ActiveTaskInfo>()
                    .OrderBy(task => task.Started),
            ],
        });

    private static ActiveTaskInfo ReadWorker(JsonElement json) => new()
    {
        TaskId = Text(json, "ID"),
        Type = Text(json, "Type"),
        Payload = json.GetProperty("Payload") is { ValueKind: JsonValueKind.Object } payload
            ? Bytes(payload)
            : default(ReadOnlyMemory<byte>?),
        Queue = Text(json, "Queue"),
        Started = json.GetProperty("Started").GetDateTimeOffset().ToUniversalTime(),
        Deadline = null,
    };

    private static T? TryRead<T>(byte[] text, Func<JsonElement, T> read)
        where T : class
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return read(document.RootElement);
        }
        catch (Exception exception)
            when (exception is JsonException or InvalidOperationException or FormatException or KeyNotFoundException)
        {
            return null;
        }
    }

    private static ReadOnlyMemory<byte> Bytes(JsonElement payload) =>
        System.Text.Encoding.UTF8.GetBytes(payload.GetRawText());

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString() ?? "";

    // The words of this layout in those of the current layout.
    private static string Word(string status) => status switch
    {
        "idle" => ServerStatus.New,
        "running" => ServerStatus.Active,
        "quiet" => ServerStatus.Stopped,
        _ => ServerStatus.Closed,
    };
}
