using CsCheck;
using System.Text.Json.Nodes;

namespace Mirai.Api.Tests.Security;

/// <summary>Names from outside become parts of keys: a brace would move them to another slot, a colon at the right
/// place make them somebody else's.</summary>
internal sealed class InjectedNamesTests : SecurityTest
{
    private static readonly Gen<string> Bad = Gen.Select(
        Gen.OneOf(
            "{", "}", "{}", "\0", "\n", "\r\n", " ", "*", "?", "[a]", "\\", "\"", "'", "%", "&", "#", ";", "|", "$",
            "\u0007",
            "é", "\u202e", "\ud83d\ude00", "<script>", "..\\..", new string('a', 129)),
        Gen.String[0, 12], Gen.String[Gen.Char.AlphaNumeric, 0, 12],
        (bad, any, plain) => (string[])[plain + bad, bad + plain, any + bad + plain])
        .SelectMany(names => Gen.OneOf(names));

    private static readonly (string Method, string Path)[] Routes =
    [
        ("GET", "/api/tasks/{0}/a"), ("GET", "/api/tasks/default/{0}"), ("DELETE", "/api/tasks/{0}/a"),
        ("DELETE", "/api/tasks/default/{0}"), ("POST", "/api/tasks/{0}/a/run"),
        ("POST", "/api/tasks/default/{0}/archive"),
        ("POST", "/api/tasks/default/{0}/cancel"), ("GET", "/api/queues/{0}"), ("GET", "/api/queues/{0}/history"),
        ("GET", "/api/queues/{0}/groups"), ("POST", "/api/queues/{0}/pause"), ("POST", "/api/queues/{0}/resume"),
        ("DELETE", "/api/queues/{0}?force=true"), ("GET", "/api/queues/{0}/tasks"),
        ("GET", "/api/queues/default/tasks?group={0}"), ("GET", "/api/queues/{0}/tasks/search?state=pending"),
    ];

    [Test]
    public async Task Name_IsRefused_AndNothingIsDone() => await Gen.Select(Bad, Gen.OneOf(Routes)).SampleAsync(
        async (name, route) =>
        {
            using var response = await SendAsync(
                route.Method, string.Format(null, route.Path, Escape(name)), EveryScope);

            Assert.That((int)response.StatusCode, Is.EqualTo(400).Or.EqualTo(404), $"{route.Path} {Escape(name)}");
            Assert.That(AllKeys(), Is.Empty, "nothing is done");
        },
        iter: 1_000, threads: 1);

    [Test]
    public async Task Member_IsRefused_AndNothingIsDone() => await Gen.Select(
        Bad, Gen.OneOf("type", "queue", "taskId", "group")).SampleAsync(
        async (name, member) =>
        {
            var body = new JsonObject { ["type"] = "x", [member] = name };
            using var response = await SendAsync("POST", "/api/tasks", EveryScope, body.ToJsonString());

            Assert.That((int)response.StatusCode, Is.EqualTo(400), $"{member} {Escape(name)}");
            Assert.That(AllKeys(), Is.Empty, "nothing is done");
        },
        iter: 500, threads: 1);

    // Half a surrogate pair has no bytes of its own.
    private static string Escape(string name) =>
        string.Concat(System.Text.Encoding.UTF8.GetBytes(name).Select(one => $"%{one:X2}"));
}
