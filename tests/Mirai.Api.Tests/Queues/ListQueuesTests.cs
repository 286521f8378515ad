using System.Text.Json;

namespace Mirai.Api.Tests.Queues;

internal sealed class ListQueuesTests : ApiTest
{
    [Test]
    public async Task Get_IsEmpty_WhenThereAreNone() =>
        Assert.That(await Client.GetStringAsync("/api/queues"), Is.EqualTo("[]"));

    [Test]
    public async Task Get_ShowsTheOtherQueues_AndNamesTheBrokenOne()
    {
        await Redis.SetAddAsync("asynq:queues", ["bad", "mail"]);
        await Redis.StringSetAsync("asynq:{bad}:pending", "no list");
        await PostTaskAsync("""{"type":"x","queue":"mail"}""");

        var queues = JsonDocument.Parse(await Client.GetStringAsync("/api/queues"))
            .RootElement.EnumerateArray().ToList();

        Assert.That(queues[0].GetProperty("queue").GetString(), Is.EqualTo("bad"));
        Assert.That(queues[0].GetProperty("fault").GetString(), Does.Contain("WRONGTYPE"));
        Assert.That(queues[1].GetProperty("pending").GetInt64(), Is.EqualTo(1));
        Assert.That(queues[1].TryGetProperty("fault", out _), Is.False);
    }

    [Test]
    public async Task Get_CountsByState()
    {
        await Redis.SetAddAsync("asynq:queues", ["mail", "critical"]);
        await PostTaskAsync("""{"type":"x","queue":"mail"}""");
        await PostTaskAsync("""{"type":"x","queue":"mail","processIn":"1h"}""");
        await PostTaskAsync("""{"type":"x","queue":"mail","group":"g"}""");
        await Redis.ListLeftPushAsync("asynq:{mail}:active", ["a1", "a2"]);
        await Redis.SortedSetAddAsync("asynq:{mail}:retry", "r", 1);
        await Redis.SortedSetAddAsync("asynq:{mail}:archived", [new("b1", 1), new("b2", 1), new("b3", 1)]);
        await Redis.SortedSetAddAsync("asynq:{mail}:completed", "c", 1);
        await Redis.StringSetAsync("asynq:{mail}:processed", 8);
        await Redis.StringSetAsync("asynq:{mail}:failed", 3);
        await Redis.StringSetAsync("asynq:{mail}:paused", 1);

        var queues = JsonDocument.Parse(await Client.GetStringAsync("/api/queues"))
            .RootElement.EnumerateArray().ToList();

        Assert.That(
            queues.Select(queue => queue.GetProperty("queue").GetString()), Is.EqualTo(new[] { "critical", "mail" }));
        var mail = queues[1].EnumerateObject().Where(member => member.Name != "latency")
            .Select(member => $"{member.Name}={member.Value}");
        Assert.That(mail, Is.EqualTo(new[]
        {
            "queue=mail", "paused=True", "size=10", "pending=1", "active=2", "scheduled=1", "retry=1", "archived=3",
            "completed=1", "aggregating=1", "groups=1", "processedToday=0", "failedToday=0", "processedTotal=8",
            "failedTotal=3",
        }));
        Assert.That(queues[1].GetProperty("latency").GetString(), Does.EndWith("s"));
    }

    [Test]
    public async Task Get_ShowsAll_WhenThereAreMany()
    {
        await Redis.SetAddAsync(
            "asynq:queues", [.. Enumerable.Range(0, 230).Select(i => (StackExchange.Redis.RedisValue)$"q{i:000}")]);

        var queues = JsonDocument.Parse(await Client.GetStringAsync("/api/queues")).RootElement.EnumerateArray();

        Assert.That(
            queues.Select(queue => queue.GetProperty("queue").GetString()),
            Is.EqualTo(Enumerable.Range(0, 230).Select(i => $"q{i:000}")));
    }
}
