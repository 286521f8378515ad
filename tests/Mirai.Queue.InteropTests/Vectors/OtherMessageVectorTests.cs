using System.Text.Json.Nodes;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Mirai.Queue.InteropTests.Golden;
using Mirai.Queue.Wire;

namespace Mirai.Queue.InteropTests.Vectors;

/// <summary>The messages of servers, workers and schedulers.</summary>
[GoldenFile(Path)]
internal sealed class OtherMessageVectorTests
{
    private const string Path = "v0.26.0/other_messages.json";

    private static readonly Dictionary<string, (MessageDescriptor Type, Func<JsonNode, IMessage> Create)> Kinds = new()
    {
        ["ServerInfo"] = (ServerInfo.Descriptor, GoldenMessage.Server),
        ["WorkerInfo"] = (WorkerInfo.Descriptor, GoldenMessage.Worker),
        ["SchedulerEntry"] = (SchedulerEntry.Descriptor, GoldenMessage.Entry),
        ["SchedulerEnqueueEvent"] = (SchedulerEnqueueEvent.Descriptor, GoldenMessage.Event),
    };

    [TestCaseSource(nameof(Vectors))]
    public void Decode_GivesGosFields(string kind, JsonObject vector)
    {
        var message = Parse(kind, Bytes(vector));

        Assert.That(message, Is.EqualTo(Kinds[kind].Create(vector["fields"]!)));
    }

    [TestCaseSource(nameof(Vectors))]
    public void Encode_GivesGosBytes(string kind, JsonObject vector)
    {
        var bytes = Kinds[kind].Create(vector["fields"]!).ToByteArray();

        if (vector["fields"]!["queues"] is JsonObject { Count: > 1 }) // entries of a map come in any order
        {
            Assert.That(Parse(kind, bytes), Is.EqualTo(Parse(kind, Bytes(vector))));
        }
        else
        {
            Assert.That(bytes, Is.EqualTo(Bytes(vector)));
        }
    }

    [Test]
    public void FieldNumbers_AreGos()
    {
        foreach (var (kind, numbers) in GoldenFiles.ReadForTest()["field_numbers"]!.AsObject())
        {
            Assert.That(
                Kinds[kind].Type.Fields.InDeclarationOrder()
                    .ToDictionary(field => field.Name, field => field.FieldNumber),
                Is.EquivalentTo(numbers!.AsObject().ToDictionary(field => field.Key, field => (int)field.Value!)),
                kind);
        }
    }

    private static IEnumerable<TestCaseData> Vectors() =>
        from kind in Kinds.Keys
        from vector in GoldenFiles.Read(Path)[kind]!.AsArray()
        select new TestCaseData(kind, vector!.AsObject()).SetArgDisplayNames(kind, (string)vector["name"]!);

    private static IMessage Parse(string kind, byte[] bytes) => Kinds[kind].Type.Parser.ParseFrom(bytes);

    private static byte[] Bytes(JsonObject vector) => Convert.FromBase64String((string)vector["base64"]!);
}
