using System.Diagnostics;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Mirai.Queue;
using Mirai.Testing;

namespace Mirai.EndToEnd.Tests;

/// <summary>With <c>QUEUE_LAYOUT=legacy</c>, the commands that operators know give the answers that they know.</summary>
[RequiresRedisCli]
internal sealed class RunbookTests : EndToEndTest
{
    private static readonly (string Queue, int Backlog)[] Backlogs = [("critical", 3), ("default", 2), ("low", 1)];

    protected override string Layout => "legacy";

    [Test]
    public async Task RedisCli_TellsTheBacklog_WhileApiAndWorkerRun()
    {
        var inspector = (await StartWorkerAsync()).Services.GetRequiredService<IQueueInspector>();
        foreach (var (queue, backlog) in Backlogs)
        {
            await inspector.PauseQueueAsync(queue);
            await EnqueueAsync(queue, backlog);
        }

        foreach (var (queue, backlog) in Backlogs)
        {
            Assert.That(
                await RedisCliAsync("LLEN", $"asynq:queues:{queue}"), Is.EqualTo(new[] { $"{backlog}" }), queue);
        }

        var keys = await RedisCliAsync("KEYS", "asynq:*");
        Assert.That(keys, Is.SupersetOf(
            new[] { "asynq:queues", "asynq:queues:critical", "asynq:queues:default", "asynq:queues:low" }));
        Assert.That(keys.Where(key => key.StartsWith("asynq:{", StringComparison.Ordinal)), Is.Empty);

        await Task.WhenAll(Backlogs.Select(backlog => inspector.ResumeQueueAsync(backlog.Queue)));
        await RedisWait.UntilAsync(
            async () => (await Task.WhenAll(
                Backlogs.Select(backlog => RedisCliAsync("LLEN", $"asynq:queues:{backlog.Queue}"))))
                .All(answer => answer[0] == "0"),
            Patience, "the backlog is worked off");
    }

    [Test]
    public async Task Document_IsRead_AndItsCourseIsMade()
    {
        var document = await UploadAsync(Tides);
        var outline = await UntilAsync(await AskAsync($$"""{"kind":"outline","documents":["{{document}}"]}"""), "succeeded");

        Assert.That(outline.GetProperty("generator").GetString(), Is.EqualTo("model:test-model"));
    }

    [TestCase("""{"type":"t","payload":{},"retention":"1h"}""", "retention")]
    [TestCase("""{"type":"t","payload":{},"group":"g"}""", "group")]
    [TestCase("""{"type":"t","payload":{},"headers":{"a":"b"}}""", "headers")]
    [TestCase("""{"type":"t","payload":{},"taskId":"mine"}""", "taskId")]
    [TestCase("""{"type":"t","payload":[1]}""", "payload")]
    public async Task Api_NamesTheOptionAndTheLayout_ThatRefusesIt(string body, string field)
    {
        var refused = await PostAsync("/api/tasks", body);

        Assert.That(refused.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(
            await refused.Content.ReadAsStringAsync(), Does.Contain($"\"{field}\":[")
                .And.Contain("RedisLayout.Legacy"));
    }

    private async Task EnqueueAsync(string queue, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var response = await PostAsync(
                "/api/tasks", $$"""{"type":"cleanup:expired","payload":{},"queue":"{{queue}}","maxRetry":0}""");
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Accepted));
        }
    }

    private static async Task<string[]> RedisCliAsync(params string[] command)
    {
        var start = new ProcessStartInfo("redis-cli") { RedirectStandardOutput = true };
        var endPoint = (IPEndPoint)Redis.Multiplexer.GetEndPoints()[0];
        foreach (var argument in (string[])["-h", $"{endPoint.Address}", "-p", $"{endPoint.Port}", .. command])
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();

        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}

file sealed class RequiresRedisCliAttribute : RequirementAttribute
{
    protected override string Category => "RequiresRedisCli";

    protected override string? FindSkipReason() =>
        IsOnPath("redis-cli") ? null : "There is no redis-cli on the PATH.";
}
