using System.Net;
using System.Text.Json;

namespace Mirai.Api.Tests.Groups;

internal sealed class ListGroupsTests : OperatorTest
{
    [Test]
    public async Task Get_ShowsNamesAndSizes()
    {
        await AddAsync("b", 1);
        await AddAsync("a", 2);

        Assert.That(
            await Client.GetStringAsync("/api/queues/mail/groups"),
            Is.EqualTo("""[{"group":"a","size":2},{"group":"b","size":1}]"""));
    }

    [Test]
    public async Task Get_IsEmpty_WhenQueueHasNone()
    {
        await Redis.SetAddAsync("asynq:queues", "mail");

        Assert.That(await Client.GetStringAsync("/api/queues/mail/groups"), Is.EqualTo("[]"));
    }

    [TestCase("", "g00", "g29")]
    [TestCase("?page=2", "g30", "g59")]
    [TestCase("?page=3&pageSize=20", "g40", "g59")]
    [TestCase("?pageSize=100", "g00", "g69")]
    [TestCase("?page=8&pageSize=10", null, null)]
    [TestCase("?page=10000&pageSize=100", null, null)]
    public async Task Get_ShowsOnePage(string query, string? first, string? last)
    {
        foreach (var group in Enumerable.Range(0, 70))
        {
            await AddAsync($"g{group:00}", 1);
        }

        var shown = await NamesAsync(query);

        Assert.That((shown.FirstOrDefault(), shown.LastOrDefault()), Is.EqualTo((first, last)));
    }

    [TestCase("?page=0", "page")]
    [TestCase("?page=10001", "page")]
    [TestCase("?page=x", "page")]
    [TestCase("?pageSize=0", "pageSize")]
    [TestCase("?pageSize=101", "pageSize")]
    [TestCase("?page=-1&pageSize=1e2", "page", "pageSize")]
    public async Task Get_NamesWhatIsOutOfRange(string query, params string[] fields)
    {
        await AddAsync("a", 1);

        var response = await Client.GetAsync($"/api/queues/mail/groups{query}");

        var problem = await ProblemAsync(response, HttpStatusCode.BadRequest);
        Assert.That(Fields(problem), Is.EqualTo(fields));
    }

    private static async Task AddAsync(string group, int size)
    {
        await Redis.SetAddAsync("asynq:queues", "mail");
        await Redis.SetAddAsync("asynq:{mail}:groups", group);
        foreach (var task in Enumerable.Range(0, size))
        {
            await Redis.SortedSetAddAsync($"asynq:{{mail}}:g:{group}", $"{group}-{task}", Now);
        }
    }

    private async Task<List<string?>> NamesAsync(string query)
    {
        var groups = JsonDocument.Parse(await Client.GetStringAsync($"/api/queues/mail/groups{query}")).RootElement;
        return [.. groups.EnumerateArray().Select(group => group.GetProperty("group").GetString())];
    }
}
