using System.Net;
using System.Text;
using Mirai.Testing;

namespace Mirai.Api.Tests.Tasks;

internal sealed class EnqueueWrongInputTests : ApiTest
{
    private static readonly string TooLong = new('x', 129);

    [TestCaseSource(nameof(WrongFields))]
    public async Task Post_NamesTheFields_AndStoresNothing(string body, string[] fields)
    {
        var problem = await ProblemAsync(await PostTaskAsync(body), HttpStatusCode.BadRequest);

        Assert.That(Fields(problem), Is.EquivalentTo(fields), problem.ToString());
        Assert.That(await RedisDump.KeysAsync(Redis), Is.Empty);
    }

    [TestCase("", 1, 1)]
    [TestCase("{", 1, 2)]
    [TestCase("{\"type\":\"x\",}", 1, 13)]
    [TestCase("{\n  \"type\": nope\n}", 2, 12)]
    [TestCase("{\"type\":\"x\"} {}", 1, 14)]
    [TestCase("{\"type\":\"x\"} // done", 1, 14)]
    [TestCase("{\"type\":\"x\",\"payload\":[1,]}", 1, 26)]
    public async Task Post_TellsThePosition_WhenJsonIsMalformed(string body, int line, int position)
    {
        var problem = await ProblemAsync(await PostTaskAsync(body), HttpStatusCode.BadRequest);

        Assert.That(
            (problem.GetProperty("line").GetInt32(), problem.GetProperty("position")
                .GetInt32()), Is.EqualTo((line, position)),
            problem.ToString());
        Assert.That(problem.GetProperty("detail").GetString(), Does.Contain($"line {line}, byte {position}"));
        Assert.That(problem.ToString(), Does.Not.Contain("LineNumber").And.Not.Contain("System."));
        Assert.That(await RedisDump.KeysAsync(Redis), Is.Empty);
    }

    [Test]
    public async Task Post_IsRefused_WhenNestedTooDeep()
    {
        var nested = new string('[', 100) + new string(']', 100);

        await ProblemAsync(await PostTaskAsync($$"""{"type":"x","payload":{{nested}}}"""), HttpStatusCode.BadRequest);

        Assert.That(await RedisDump.KeysAsync(Redis), Is.Empty);
    }

    [Test]
    public async Task Post_IsRefused_WhenPayloadIsNotUtf8()
    {
        byte[] body = [.. "{\"type\":\"x\",\"payload\":\""u8, 0xc3, 0x28, .. "\"}"u8];
        var content = new ByteArrayContent(body);
        content.Headers.TryAddWithoutValidation("Content-Type", "application/json");

        var problem = await ProblemAsync(await PostAsync("/api/tasks", content), HttpStatusCode.BadRequest);

        Assert.That(Fields(problem), Is.EqualTo(new[] { "payload" }));
        Assert.That(await RedisDump.KeysAsync(Redis), Is.Empty);
    }

    [TestCase("timeout", "1 minute")]
    [TestCase("processIn", "90")]
    public async Task Post_ShowsHowADurationLooks(string field, string text)
    {
        var problem = await ProblemAsync(
            await PostTaskAsync($$"""{"type":"x","{{field}}":"{{text}}"}"""), HttpStatusCode.BadRequest);

        Assert.That(problem.GetProperty("errors").GetProperty(field)[0].GetString(), Does.Contain("1m30s"));
    }

    [TestCase("text/plain")]
    [TestCase("application/x-www-form-urlencoded")]
    [TestCase("application/json; charset=utf-16")]
    [TestCase("application/json; charset=klingon")]
    [TestCase("nonsense")]
    [TestCase("")]
    public async Task Post_AsksForJson_WhenContentTypeIsAnother(string contentType)
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes("""{"type":"x"}"""));
        content.Headers.TryAddWithoutValidation("Content-Type", contentType);

        var problem = await ProblemAsync(await PostAsync("/api/tasks", content), HttpStatusCode.UnsupportedMediaType);

        Assert.That(Fields(problem), Is.EqualTo(new[] { "Content-Type" }));
        Assert.That(await RedisDump.KeysAsync(Redis), Is.Empty);
    }

    private static IEnumerable<TestCaseData> WrongFields() =>
    [
        // What is not there, or not known.
        Wrong("{}", "type"),
        Wrong("""{"payload":1}""", "type"),
        Wrong("""{"type":"x","colour":"red"}""", "colour"),
        Wrong("""{"type":"x","Queue":"mail"}""", "Queue"),
        Wrong("""{"type":"x","deadline":"2020-01-01T00:00:00Z"}""", "deadline"),
        Wrong("""{"type":"x","options":{"queue":"mail"}}""", "options"),
        Wrong("""{"type":"x","a name":1}""", "a name"),

        // Another kind of value.
        Wrong("null", "body"),
        Wrong("[]", "body"),
        Wrong("\"type\"", "body"),
        Wrong("""{"type":7}""", "type"),
        Wrong("""{"type":null}""", "type"),
        Wrong("""{"type":"\ud800"}""", "type"),
        Wrong("""{"type":"x","payloadBase64":{}}""", "payloadBase64"),
        Wrong("""{"type":"x","queue":["mail"]}""", "queue"),
        Wrong("""{"type":"x","maxRetry":"3"}""", "maxRetry"),
        Wrong("""{"type":"x","maxRetry":1.5}""", "maxRetry"),
        Wrong("""{"type":"x","maxRetry":2147483648}""", "maxRetry"),
        Wrong("""{"type":"x","timeout":30}""", "timeout"),
        Wrong("""{"type":"x","deadline":1800000000}""", "deadline"),
        Wrong("""{"type":"x","headers":"k=v"}""", "headers"),
        Wrong("""{"type":"x","headers":{"k":1}}""", "headers.k"),
        Wrong("""{"type":"x","headers":{"k":null}}""", "headers.k"),

        // Names.
        Wrong("""{"type":""}""", "type"),
        Wrong("""{"type":"  "}""", "type"),
        Wrong("""{"type":"a b"}""", "type"),
        Wrong("""{"type":"a{b}"}""", "type"),
        Wrong($$"""{"type":"{{TooLong}}"}""", "type"),
        Wrong("""{"type":"x","queue":""}""", "queue"),
        Wrong("""{"type":"x","queue":"a b"}""", "queue"),
        Wrong("""{"type":"x","queue":"a}b"}""", "queue"),
        Wrong("""{"type":"x","queue":"a/b"}""", "queue"),
        Wrong("""{"type":"x","queue":".."}""", "queue"),
        Wrong("""{"type":"x","queue":"mail\n"}""", "queue"),
        Wrong("""{"type":"x","queue":"größe"}""", "queue"),
        Wrong($$"""{"type":"x","queue":"{{TooLong}}"}""", "queue"),
        Wrong("""{"type":"x","taskId":""}""", "taskId"),
        Wrong("""{"type":"x","taskId":"a/b"}""", "taskId"),
        Wrong("""{"type":"x","group":""}""", "group"),

        // Durations, times and numbers.
        Wrong("""{"type":"x","timeout":"soon"}""", "timeout"),
        Wrong("""{"type":"x","timeout":""}""", "timeout"),
        Wrong("""{"type":"x","timeout":"30"}""", "timeout"),
        Wrong("""{"type":"x","timeout":"00:30:00"}""", "timeout"),
        Wrong("""{"type":"x","timeout":"-1s"}""", "timeout"),
        Wrong("""{"type":"x","timeout":"2562048h"}""", "timeout"),
        Wrong("""{"type":"x","processIn":"1d"}""", "processIn"),
        Wrong("""{"type":"x","processIn":"-1s"}""", "processIn"),
        Wrong("""{"type":"x","uniqueFor":"999ms"}""", "uniqueFor"),
        Wrong("""{"type":"x","uniqueFor":"0"}""", "uniqueFor"),
        Wrong("""{"type":"x","retention":"-1h"}""", "retention"),
        Wrong("""{"type":"x","deadline":"tomorrow"}""", "deadline"),
        Wrong("""{"type":"x","deadline":"2030-01-31"}""", "deadline"),
        Wrong("""{"type":"x","deadline":"2030-01-31T08:00:00"}""", "deadline"),
        Wrong("""{"type":"x","deadline":"1970-01-01T00:00:00Z"}""", "deadline"),
        Wrong("""{"type":"x","processAt":"2030-02-30T08:00:00Z"}""", "processAt"),
        Wrong("""{"type":"x","maxRetry":-1}""", "maxRetry"),

        // What excludes each other, and several at once.
        Wrong("""{"type":"x","payload":{},"payloadBase64":"AA=="}""", "payloadBase64"),
        Wrong("""{"type":"x","payload":null,"payloadBase64":""}""", "payloadBase64"),
        Wrong("""{"type":"x","payloadBase64":"A"}""", "payloadBase64"),
        Wrong("""{"type":"x","payloadBase64":"not base64!"}""", "payloadBase64"),
        Wrong("""{"type":"x","processAt":"2030-01-31T08:00:00Z","processIn":"1h"}""", "processIn"),
        Wrong("""{"queue":"a b","timeout":"x","retention":"y","maxRetry":-5}""", "type", "queue", "timeout", "retention", "maxRetry"),
    ];

    private static TestCaseData Wrong(string body, params string[] fields) =>
        new TestCaseData(body, fields).SetArgDisplayNames(body.Length > 80 ? body[..80] : body);
}
