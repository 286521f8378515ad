using System.Net;
using System.Text;
using System.Text.Json;
using StackExchange.Redis;

namespace Mirai.Api.Tests.Tasks;

internal sealed class BulkTests : ApiTest
{
    private const string Path = "/api/queues/default/tasks/bulk";

    [SetUp]
    public async Task ScheduleAsync()
    {
        await ListQueuesAsync("default");
        foreach (var (type, id) in ((string, string)[])[("mail:send", "a"), ("mail:send", "b"), ("sms:send", "c")])
        {
            await PostTaskAsync($$"""{"type":"{{type}}","taskId":"{{id}}","processIn":"1h"}""");
        }
    }

    [Test]
    public async Task DryRun_CountsAndDoesNothing()
    {
        var before = await Redis.SortedSetRangeByRankWithScoresAsync("asynq:{default}:scheduled");

        var answer = await BulkAsync("""{"action":"delete","state":"scheduled","type":"mail:send","dryRun":true}""");

        Assert.That(answer.GetProperty("count").GetInt64(), Is.EqualTo(2));
        Assert.That(answer.GetProperty("dryRun").GetBoolean(), Is.True);
        Assert.That(
            answer.GetProperty("sample").EnumerateArray()
                .Select(id => id.GetString()), Is.EquivalentTo(new[] { "a", "b" }));
        Assert.That(await Redis.SortedSetRangeByRankWithScoresAsync("asynq:{default}:scheduled"), Is.EqualTo(before));
        Assert.That(await Redis.KeyExistsAsync("mirai:audit"), Is.False);
    }

    [Test]
    public async Task Delete_DeletesWhatMatches_AndIsRecorded()
    {
        var answer = await BulkAsync("""{"action":"delete","state":"scheduled","type":"mail:*"}""");

        Assert.That(answer.GetProperty("count").GetInt64(), Is.EqualTo(2));
        Assert.That(answer.TryGetProperty("cursor", out _), Is.False);
        Assert.That(await Redis.KeyExistsAsync("asynq:{default}:t:a"), Is.False);
        Assert.That(await Redis.KeyExistsAsync("asynq:{default}:t:c"), Is.True);
        Assert.That(await AuditAsync(), Is.EqualTo(new[]
        {
            "who=development action=tasks.delete target=default scheduled type mail:* count=2 outcome=done",
        }));
    }

    [TestCase("run", "asynq:{default}:pending")]
    [TestCase("archive", "asynq:{default}:archived")]
    public async Task Action_MovesWhatMatches(string action, string key)
    {
        var answer = await BulkAsync($$"""{"action":"{{action}}","state":"scheduled","type":"sms:send"}""");

        Assert.That(answer.GetProperty("count").GetInt64(), Is.EqualTo(1));
        Assert.That((await Redis.ExecuteAsync("OBJECT", "ENCODING", key)).IsNull, Is.False);
        Assert.That((await JsonAsync(await Client.GetAsync("/api/tasks/default/c"))).GetProperty("state").GetString(),
            Is.EqualTo(action == "run" ? "pending" : "archived"));
    }

    [Test]
    public async Task Archive_SaysHowManyTasksTheArchiveLost_WhenItWasFull()
    {
        await Redis.SortedSetAddAsync(
            "asynq:{default}:archived",
            [.. Enumerable.Range(0, 9_998).Select(i => new SortedSetEntry($"old{i}", 4_000_000_000))]);

        var answer = await BulkAsync("""{"action":"archive","state":"scheduled"}""");
        var more = await BulkAsync("""{"action":"delete","state":"archived","type":"sms:send"}""");

        Assert.That(
            (answer.GetProperty("count").GetInt64(), answer.GetProperty("trimmed").GetInt64()), Is.EqualTo((3, 2)));
        Assert.That(more.TryGetProperty("trimmed", out _), Is.False);
    }

    [Test]
    public async Task Reschedule_ChangesTheDueTimeOfWhatMatches()
    {
        await BulkAsync("""{"action":"reschedule","state":"scheduled","type":"sms:send","processAt":"2100-01-01T00:00:00Z"}""");

        Assert.That(await Redis.SortedSetScoreAsync("asynq:{default}:scheduled", "c"), Is.EqualTo(4_102_444_800));
        Assert.That(await Redis.SortedSetScoreAsync("asynq:{default}:scheduled", "a"), Is.LessThan(4_102_444_800));
    }

    [Test]
    public async Task Limit_LeavesTheRestToTheNextCall()
    {
        for (var number = 0; number < 1_500; number++)
        {
            await PostTaskAsync($$"""{"type":"bulk:one","taskId":"t{{number}}","processIn":"1h"}""");
        }

        var first = await BulkAsync("""{"action":"delete","state":"scheduled","type":"bulk:one","limit":200}""");

        Assert.That(first.GetProperty("count").GetInt64(), Is.InRange(1, 1_499));
        Assert.That(first.GetProperty("cursor").GetString(), Is.Not.Empty);
    }

    [TestCase("{}", "action", "state")]
    [TestCase("""{"action":"explode","state":"retry"}""", "action")]
    [TestCase("""{"action":"delete","state":"active"}""", "state")]
    [TestCase("""{"action":"cancel","state":"retry"}""", "state")]
    [TestCase("""{"action":"reschedule","state":"retry"}""", "processAt")]
    [TestCase("""{"action":"run","state":"retry","processIn":"1m"}""", "processAt")]
    [TestCase("""{"action":"run","state":"retry","limit":10001}""", "limit")]
    [TestCase("""{"action":"run","state":"retry","limit":"all"}""", "limit")]
    [TestCase("""{"action":"run","state":"retry","error":""}""", "error")]
    [TestCase("""{"action":"run","state":"retry","everything":true}""", "everything")]
    public async Task Bulk_NamesTheField_WhenItIsWrong(string body, params string[] fields)
    {
        var problem = await ProblemAsync(await PostAsync(Path, Json(body)), HttpStatusCode.BadRequest);

        Assert.That(Fields(problem), Is.EquivalentTo(fields));
        Assert.That(await Redis.SortedSetLengthAsync("asynq:{default}:scheduled"), Is.EqualTo(3));
    }

    private async Task<JsonElement> BulkAsync(string body)
    {
        var response = await PostAsync(Path, Json(body));
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK), await response.Content.ReadAsStringAsync());
        return await JsonAsync(response);
    }

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");
}
