using System.Text;
using Google.Protobuf;
using Mirai.Queue.Wire;

namespace Mirai.Queue.InteropTests.Keyspaces;

/// <summary>A comparison that finds nothing proves nothing: here it must find.</summary>
internal sealed class FactDiffTests
{
    private static readonly StoredKey Pending = new(
        "asynq:{q}:pending", StoredType.List, [Value("a"), Value("b")], null);

    private static readonly StoredKey Retry = new("asynq:{q}:retry", StoredType.ZSet, [Value("a", 1_000)], null);
    private static readonly StoredKey Queues = new("asynq:queues", StoredType.Set, [Value("q")], null);
    private static readonly StoredKey Total = new("asynq:{q}:processed", StoredType.String, [Value("7")], null);

    [Test]
    public void Of_FindsNothing_WhenKeysAreEqual() =>
        AssertDiff([Pending, Retry, Queues, Total, Task("x", 1)], [Task("x", 1), Total, Queues, Retry, Pending]);

    [Test]
    public void Of_FindsKey_ThatOnlyOneSideHas()
    {
        AssertDiff([Queues], [], "asynq:queues (set) q: Go has 'is a member', Mirai has none");
        AssertDiff([], [Queues], "asynq:queues (set) q: Go has none, Mirai has 'is a member'");
    }

    [Test]
    public void Of_FindsOrderOfList() => AssertDiff(
        [Pending], [Pending with { Values = [Value("b"), Value("a")] }],
        "asynq:{q}:pending (list) [0]: Go has 'a', Mirai has 'b'",
        "asynq:{q}:pending (list) [1]: Go has 'b', Mirai has 'a'");

    [Test]
    public void Of_FindsScore() => AssertDiff(
        [Retry], [Retry with { Values = [Value("a", 1_002)] }],
        "asynq:{q}:retry (zset) a: Go has '1000', Mirai has '1002'");

    [Test]
    public void Of_FindsNothing_WhenADueTimeIsRoundedUp() =>
        AssertDiff([Retry], [Retry with { Values = [Value("a", 1_001)] }]);

    [Test]
    public void Of_FindsType() => AssertDiff(
        [Total], [Total with { Type = StoredType.List }],
        "asynq:{q}:processed (list) [0]: Go has none, Mirai has '7'",
        "asynq:{q}:processed (string): Go has '7', Mirai has none");

    [Test]
    public void Of_FindsFieldOfMessage() => AssertDiff(
        [Task("x", 1)], [Task("x", 2)], "asynq:{q}:t:x (hash) msg.retried: Go has '1', Mirai has '2'");

    [Test]
    public void Of_FindsFieldOfHash() => AssertDiff(
        [Task("x", 1)], [Task("x", 1) with { Values = [.. Task("x", 1).Values, Value("1", field: "extra")] }],
        "asynq:{q}:t:x (hash) extra: Go has none, Mirai has '1'");

    [Test]
    public void Of_FindsWhatIsUnknownInAMessage() => AssertDiff(
        [Task([])], [Task([0xa0, 0x06, 0x01])], // field 100
        "asynq:{q}:t:x (hash) msg unknown fields: Go has none, Mirai has 'oAYB'");

    [Test]
    public void Of_FindsExpiry() => AssertDiff(
        [Total], [Total with { ExpiresAt = 5 }],
        "asynq:{q}:processed (string) expires: Go has none, Mirai has 'at 5'");

    private static void AssertDiff(
        IEnumerable<StoredKey> go, IEnumerable<StoredKey> mirai, params IReadOnlyList<string> differences)
    {
        var facts = new Facts(new RunNames(), key => $"at {key.ExpiresAt}");
        Assert.That(FactDiff.Of(facts.Of(new Keyspace(go)), facts.Of(new Keyspace(mirai))), Is.EqualTo(differences));
    }

    private static StoredKey Task(string id, int retried) =>
        Task(new TaskMessage { Id = id, Retried = retried }.ToByteArray());

    private static StoredKey Task(byte[] message) => new(
        "asynq:{q}:t:x", StoredType.Hash, [new StoredValue(message, "msg"), Value("retry", field: "state")], null);

    private static StoredValue Value(string text, double? score = null, string? field = null) =>
        new(Encoding.UTF8.GetBytes(text), field, score);
}
