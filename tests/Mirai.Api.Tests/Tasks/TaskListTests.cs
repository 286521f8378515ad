using System.Net;
using System.Text.Json;

namespace Mirai.Api.Tests.Tasks;

internal sealed class TaskListTests : ApiTest
{
    private const string Path = "/api/queues/default/tasks";

    [SetUp]
    public Task ListAsync() => ListQueuesAsync("default");

    [Test]
    public async Task List_ShowsOnePage_InTheOrderTheyRun()
    {
        foreach (var id in (string[])["a", "b", "c"])
        {
            await PostTaskAsync($$$"""{"type":"mail:send","taskId":"{{{id}}}","payload":{"of":"{{{id}}}"}}""");
        }

        var first = await JsonAsync(await Client.GetAsync($"{Path}?pageSize=2"));
        var second = await JsonAsync(await Client.GetAsync($"{Path}?state=pending&page=2&pageSize=2"));

        Assert.That(Ids(first), Is.EqualTo(new[] { "a", "b" }));
        Assert.That(Ids(second), Is.EqualTo(new[] { "c" }));
        Assert.That(second[0].GetProperty("payload").GetRawText(), Is.EqualTo("""{"of":"c"}"""));
        Assert.That(second[0].GetProperty("state").GetString(), Is.EqualTo("pending"));
    }

    [Test]
    public async Task List_ShowsTheTasksOfAGroup()
    {
        await PostTaskAsync("""{"type":"mail:send","taskId":"a","group":"news"}""");

        var tasks = await JsonAsync(await Client.GetAsync($"{Path}?group=news"));

        Assert.That(Ids(tasks), Is.EqualTo(new[] { "a" }));
        Assert.That(tasks[0].GetProperty("group").GetString(), Is.EqualTo("news"));
    }

    [TestCase("?state=done", "state")]
    [TestCase("?state=aggregating", "group")]
    [TestCase("?state=pending&group=news", "group")]
    [TestCase("?page=0", "page")]
    [TestCase("?page=-1&pageSize=101", "page", "pageSize")]
    [TestCase("?pageSize=many", "pageSize")]
    [TestCase("/search", "state")]
    [TestCase("/search?state=retry&type=%7B&limit=0", "type", "limit")]
    [TestCase("/search?state=scheduled&olderThan=1h", "olderThan")]
    [TestCase("/search?state=retry&olderThan=soon", "olderThan")]
    [TestCase("/search?state=retry&cursor=nonsense", "cursor")]
    public async Task List_NamesTheField_WhenItIsWrong(string query, params string[] fields)
    {
        await PostTaskAsync("""{"type":"mail:send"}""");

        var problem = await ProblemAsync(await Client.GetAsync(Path + query), HttpStatusCode.BadRequest);

        Assert.That(Fields(problem), Is.EquivalentTo(fields));
    }

    [TestCase("/api/queues/nope/tasks")]
    [TestCase("/api/queues/nope/tasks/search?state=pending")]
    public async Task List_IsNotFound_WhenThereIsNoSuchQueue(string path) =>
        await ProblemAsync(await Client.GetAsync(path), HttpStatusCode.NotFound);

    [Test]
    public async Task Search_FindsByType_AndGoesOnWhereItWas()
    {
        for (var number = 0; number < 30; number++)
        {
            await PostTaskAsync($$"""{"type":"{{(number % 3 == 0 ? "mail:send" : "sms:send")}}","taskId":"t{{number}}","processIn":"1h"}""");
        }

        var found = new List<string>();
        string? cursor = null;
        do
        {
            var answer = await JsonAsync(await Client.GetAsync(
                $"{Path}/search?state=scheduled&type=mail:*&limit=7{(cursor is null ? "" : $"&cursor={Uri.EscapeDataString(cursor)}")}"));
            found.AddRange(Ids(answer.GetProperty("tasks")));
            cursor = answer.TryGetProperty("cursor", out var next) ? next.GetString() : null;
        }
        while (cursor is not null);

        Assert.That(found.Distinct(), Is.EquivalentTo(Enumerable.Range(0, 10).Select(number => $"t{3 * number}")));
    }

    private static string[] Ids(JsonElement tasks) =>
        [.. tasks.EnumerateArray().Select(task => task.GetProperty("id").GetString()!)];
}
