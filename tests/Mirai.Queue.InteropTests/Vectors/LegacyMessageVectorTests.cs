using System.Text;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Mirai.Queue.InteropTests.Golden;
using Mirai.Queue.InteropTests.Keyspaces;
using Mirai.Queue.Legacy;
using Mirai.Queue.Wire;

namespace Mirai.Queue.InteropTests.Vectors;

/// <summary>The legacy layout's JSON, byte for byte.</summary>
internal sealed class LegacyMessageVectorTests
{
    private const string Path = "v0.11.0/messages.json";

    // JSON does not say which of Go's types a value had. Here as a producer of .NET would write it.
    private static readonly Dictionary<string, string> Payloads = new()
    {
        ["floats"] = """{"a":1.0,"b":0.1,"c":1e21,"d":1e-7,"e":123456789.0,"f":1e20}""",
        ["bytes"] = """{"b":[0,1,255]}""",
    };

    [TestCaseSource(nameof(Messages))]
    [GoldenFile(Path)]
    public void Message_IsGos_AfterDecodingAndEncoding(JsonObject vector)
    {
        var json = (string)vector["json_text"]!;

        var message = LegacyMessage.Decode(Encoding.UTF8.GetBytes(json));

        Assert.That(
            Encoding.UTF8.GetString(message!.Encode()), Is.EqualTo((string?)vector["after_decode_and_encode"]
                ?? json));
    }

    [TestCaseSource(nameof(Keys))]
    [GoldenFile(Path)]
    public void UniqueKey_IsGos(JsonObject vector)
    {
        var payload = Payloads.TryGetValue((string)vector["name"]!, out var own)
            ? own : vector["payload_json"]?.ToJsonString();

        var key = LegacyUniqueKey.For((string)vector["queue"]!, (string)vector["type"]!, payload);

        Assert.That(key, Is.EqualTo((string)vector["key"]!));
    }

    [TestCase("{\"ID\":\"no id\",\"Payload\":null}")]
    [TestCase("{\"ID\":\"7a1c1d8e-0f5b-4c39-9a53-2f3d0b8d7e11\",\"Payload\":[1]}")]
    [TestCase("{\"ID\":\"7a1c1d8e-0f5b-4c39-9a53-2f3d0b8d7e11\",\"Retry\":\"3\"}")]
    [TestCase("[]")]
    [TestCase("text")]
    public void Decode_GivesNothing_WhenGoCouldNotReadItEither(string json) =>
        Assert.That(LegacyMessage.Decode(Encoding.UTF8.GetBytes(json)), Is.Null);

    [Test]
    [GoldenFile("v0.11.0/scenarios/active.json")]
    public void ServerAndWorker_AreGos()
    {
        var step = GoldenFiles.ReadForTest()["steps"]!.AsArray()
            .Single(step => ((string)step!["did"]!).StartsWith("running for seven seconds", StringComparison.Ordinal));
        var keys = Keyspace.Parse(step!["keys"]!.AsArray()).Keys;
        var server = Text(keys.Single(key => key.Name.StartsWith("asynq:servers:", StringComparison.Ordinal)));
        var worker = Text(keys.Single(key => key.Name.StartsWith("asynq:workers:", StringComparison.Ordinal)));

        // A tick of .NET is a hundred of Go's nanoseconds.
        Assert.That(Ticks(LegacyServerJson.Server(Server(server))), Is.EqualTo(Ticks(server)));
        Assert.That(Ticks(LegacyServerJson.Worker(Worker(worker))), Is.EqualTo(Ticks(worker)));
    }

    private static ServerInfo Server(string json)
    {
        var fields = JsonNode.Parse(json)!;
        var server = new ServerInfo
        {
            Host = (string)fields["Host"]!,
            Pid = (int)fields["PID"]!,
            ServerId = (string)fields["ServerID"]!,
            Concurrency = (int)fields["Concurrency"]!,
            StrictPriority = (bool)fields["StrictPriority"]!,
            Status = "active",
            StartTime = Time(fields),
            ActiveWorkerCount = (int)fields["ActiveWorkerCount"]!,
        };
        server.Queues.Add(
            fields["Queues"]!.AsObject().Reverse().ToDictionary(entry => entry.Key, entry => (int)entry.Value!));

        return server;
    }

    private static WorkerInfo Worker(string json)
    {
        var fields = JsonNode.Parse(json)!;
        return new WorkerInfo
        {
            Host = (string)fields["Host"]!,
            Pid = (int)fields["PID"]!,
            TaskId = (string)fields["ID"]!,
            TaskType = (string)fields["Type"]!,
            Queue = (string)fields["Queue"]!,
            TaskPayload = ByteString.CopyFromUtf8(fields["Payload"]!.ToJsonString()),
            StartTime = Time(fields),
        };
    }

    private static Timestamp Time(JsonNode fields) => Timestamp.FromDateTimeOffset((DateTimeOffset)fields["Started"]!);

    private static string Text(StoredKey key) => Encoding.UTF8.GetString(key.Values.Single().Bytes);

    private static string Ticks(string json) =>
        System.Text.RegularExpressions.Regex.Replace(json, """(\.\d{7})\d*Z""", "$1Z");

    private static IEnumerable<TestCaseData> Messages() =>
        from vector in GoldenFiles.Read(Path)["messages"]!.AsArray()
        where vector!["json_text"] is not null
        select new TestCaseData(vector.AsObject()).SetArgDisplayNames((string)vector["name"]!);

    private static IEnumerable<TestCaseData> Keys() =>
        from vector in GoldenFiles.Read(Path)["unique_keys"]!.AsArray()
        select new TestCaseData(vector!.AsObject()).SetArgDisplayNames((string)vector["name"]!);
}
