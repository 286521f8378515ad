using System.Text.Json.Nodes;
using Google.Protobuf;
using Mirai.Queue.InteropTests.Golden;
using Mirai.Queue.Wire;

namespace Mirai.Queue.InteropTests.Vectors;

/// <summary>The message of a task: fields to bytes and back.</summary>
[GoldenFile(Path)]
internal sealed class TaskMessageVectorTests
{
    private const string Path = "v0.26.0/task_messages.json";

    [TestCaseSource(nameof(Decodable), new object[] { "vectors" })]
    [TestCaseSource(nameof(Decodable), new object[] { "decode_only" })]
    public void Decode_GivesGosFields(JsonObject vector)
    {
        var message = TaskMessage.Parser.ParseFrom(Bytes(vector));

        Assert.That(Known(message), Is.EqualTo(GoldenMessage.Task(vector["decoded"]!)));
    }

    [TestCaseSource(nameof(Decodable), new object[] { "vectors" })]
    [TestCaseSource(nameof(Decodable), new object[] { "decode_only" })]
    public void Encode_KeepsTheFields_WhenDecodedBefore(JsonObject vector)
    {
        var message = TaskMessage.Parser.ParseFrom(Bytes(vector));

        var again = TaskMessage.Parser.ParseFrom(message.ToByteArray());

        Assert.That(again, Is.EqualTo(message));
    }

    [TestCaseSource(nameof(Decodable), new object[] { "vectors" })]
    public void Encode_GivesGosBytes(JsonObject vector)
    {
        var bytes = GoldenMessage.Task(vector["fields"]!).ToByteArray();

        Assert.That(TaskMessage.Parser.ParseFrom(bytes), Is.EqualTo(TaskMessage.Parser.ParseFrom(Bytes(vector))));
        if (!HasHeaders(vector)) // entries of a map come in any order, and their defaults may be left out
        {
            Assert.That(bytes, Is.EqualTo(Bytes(vector)));
        }
    }

    [TestCaseSource(nameof(Decodable), new object[] { "vectors" })]
    [TestCaseSource(nameof(Decodable), new object[] { "decode_only" })]
    public void ToInfo_ShowsTheFields_HoweverLarge(JsonObject vector)
    {
        var message = TaskMessage.Parser.ParseFrom(Bytes(vector));

        var info = TaskMessageConverter.ToInfo(message, TaskState.Pending, nextProcessAt: null);

        var decoded = vector["decoded"]!;
        Assert.That(info.Type, Is.EqualTo((string)decoded["type"]!));
        Assert.That(info.Payload is null, Is.EqualTo((bool)decoded["payload_is_nil"]!));
        Assert.That(info.Retried, Is.EqualTo((int)decoded["retried"]!));
        Assert.That(info.LastError ?? "", Is.EqualTo((string)decoded["error_msg"]!));
        Assert.That(info.LastFailedAt is null, Is.EqualTo((long)decoded["last_failed_at"]! == 0));
        Assert.That(info.Headers, Is.EqualTo(Known(message).Headers));
    }

    [TestCaseSource(nameof(Undecodable))]
    public void Decode_Fails_WhereGoFails(JsonObject vector) => Assert.That(
        () => TaskMessage.Parser.ParseFrom(Bytes(vector)), Throws.InstanceOf<InvalidProtocolBufferException>());

    [Test]
    public void FieldNumbers_AreGos()
    {
        var expected = GoldenFiles.ReadForTest()["field_numbers"]!.AsObject()
            .ToDictionary(field => field.Key, field => (int)field.Value!);

        Assert.That(
            TaskMessage.Descriptor.Fields.InDeclarationOrder()
                .ToDictionary(field => field.Name, field => field.FieldNumber),
            Is.EquivalentTo(expected));
    }

    // Go refuses to encode what is not UTF-8; the like of it in .NET is a lone surrogate.
    [TestCase("invalid UTF-8 type is refused")]
    [TestCase("invalid UTF-8 error message is refused")]
    [TestCase("invalid UTF-8 header is refused")]
    public void Encode_NeverMeetsWhatIsNotUtf8(string name)
    {
        Assert.That(Vectors("vectors", "encode_error").Select(Name), Does.Contain(name));
        var headers = new Dictionary<string, string> { ["k"] = "\ud800" };

        Assert.That(
            () => EnqueueChecks.Check(new QueueTask("t\ud800"), new EnqueueOptions(), DateTimeOffset.UnixEpoch),
            Throws.ArgumentException);
        Assert.That(
            () => EnqueueChecks.Check(
                new QueueTask("t"), new EnqueueOptions { Headers = headers }, DateTimeOffset.UnixEpoch),
            Throws.ArgumentException);
        Assert.That(TaskMessageConverter.Sanitize("\ud800("), Is.EqualTo("\ufffd("));
    }

    private static IEnumerable<TestCaseData> Decodable(string list) => Cases(Vectors(list, "decoded"));

    private static IEnumerable<TestCaseData> Undecodable() => Cases(Vectors("decode_only", "decode_error"));

    private static IEnumerable<JsonObject> Vectors(string list, string with) => GoldenFiles.Read(Path)[list]!.AsArray()
        .Select(vector => vector!.AsObject()).Where(vector => vector.ContainsKey(with));

    private static IEnumerable<TestCaseData> Cases(IEnumerable<JsonObject> vectors) =>
        vectors.Select(vector => new TestCaseData(vector).SetArgDisplayNames(Name(vector)));

    private static string Name(JsonObject vector) => (string)vector["name"]!;

    private static byte[] Bytes(JsonObject vector) => Convert.FromBase64String((string)vector["base64"]!);

    private static bool HasHeaders(JsonObject vector) => vector["decoded"]!["headers"] is JsonObject { Count: > 0 };

    // Go drops what it does not know when it reads, .NET when it is told to.
    private static TaskMessage Known(TaskMessage message) =>
        TaskMessage.Parser.WithDiscardUnknownFields(true).ParseFrom(message.ToByteArray());
}
