using Microsoft.Extensions.DependencyInjection;
using Mirai.Platform;
using Mirai.Queue;
using Mirai.Testing;

namespace Mirai.EndToEnd.Tests;

/// <summary>Every task may come twice, and find that its work is done.</summary>
internal sealed class TwiceTests : EndToEndTest
{
    private const string Everything = """
        SELECT 'd', "Id", "State", "Percent", "TaskId", "FinishedAt", '' FROM documents
        UNION ALL SELECT 'j', "Id", "State", "Percent", "TaskId", "FinishedAt", "Step" FROM generation_jobs
        """;

    private const string Courses = """
        SELECT c."Id", c."Version", c."UpdatedAt", l."Id", l."Title", l."Body" FROM courses c JOIN lessons l ON l."CourseId" = c."Id" ORDER BY l."Position"
        """;

    [Test]
    public async Task Tasks_ChangeNothing_WhenTheyRunAgain()
    {
        var document = await UploadAsync(Tides);
        var outline = await UntilAsync(await AskAsync($$"""{"kind":"outline","documents":["{{document}}"]}"""), "succeeded");
        var lessons = await UntilAsync(
            await AskAsync($$"""{"kind":"lessons","courseId":"{{outline.GetProperty("courseId").GetString()}}"}"""), "succeeded");
        string[] before = [.. await Database.QueryAsync(Everything), .. await Database.QueryAsync(Courses)];
        var asked = Model.Questions.Count;

        var worker = await StartWorkerAsync();
        var client = worker.Services.GetRequiredService<IQueueClient>();
        await RunAsync(client, new SmeIngestion(Guid.Parse(document)));
        await RunAsync(client, new AiGeneration(outline.GetProperty("id").GetGuid()));
        await RunAsync(client, new AiGeneration(lessons.GetProperty("id").GetGuid()));
        await RunAsync(client, new SmeIngestionPoll());
        await RunAsync(client, new AiGenerationPoll());

        string[] after = [.. await Database.QueryAsync(Everything), .. await Database.QueryAsync(Courses)];
        Assert.That(after, Is.EqualTo(before));
        Assert.That(before, Has.Length.EqualTo(5));
        Assert.That(Model.Questions, Has.Count.EqualTo(asked));
        Assert.That((long)await Redis.StringGetAsync("asynq:{default}:failed"), Is.Zero);
    }

    [Test]
    public async Task Lessons_AreWrittenOnce_WhenTheWorkerStopsInTheMiddle()
    {
        var document = await UploadAsync(Tides);
        var outline = await UntilAsync(await AskAsync($$"""{"kind":"outline","documents":["{{document}}"]}"""), "succeeded");
        var courseUrl = outline.GetProperty("courseUrl").GetString()!;
        Model.SayNext("""{"body":"The first one.","keyPoints":["k"],"sources":[1]}""");
        Model.HangNext();
        var job = await AskAsync($$"""{"kind":"lessons","courseId":"{{outline.GetProperty("courseId").GetString()}}"}""");
        await Model.Hanging.Task.WaitAsync(Patience, TimeProvider.System);

        await StopWorkersAsync();
        Assert.That((await GetAsync(job)).GetProperty("state").GetString(), Is.EqualTo("running"));
        await StartWorkerAsync();
        await UntilAsync(job, "succeeded");

        Assert.That(
            Texts((await GetAsync(courseUrl)).GetProperty("lessons"), "body"),
            Is.EqualTo(new[] { "The first one.", "What sources 2 and 3 say." }));
        Assert.That(Model.Questions, Has.Count.EqualTo(4), "one outline, the first lesson once, the second one twice");
    }

    [Test]
    public async Task Document_IsReadInTheEnd_WhenItsTaskWasLost()
    {
        await StopWorkersAsync();
        var response = await Client.PostAsync(
            "/api/documents?name=a.txt", new StringContent("The moon pulls the sea."));
        var id = (await JsonAsync(response)).GetProperty("id").GetString()!;
        await RedisWait.UntilAsync(
            async () => await Redis.KeyExistsAsync($"asynq:{{default}}:t:{id}"), Patience, "the task is there");
        await TestRedis.EmptyAsync();
        await Database.QueryAsync("UPDATE documents SET \"ClaimedUntil\" = NULL");

        await StartWorkerAsync();
        await PollAsync("sme:ingestion:poll");

        await UntilAsync($"/api/documents/{id}", "ready");
        Assert.That(await Database.QueryAsync("SELECT \"Tasks\" FROM documents"), Is.EqualTo(new[] { "2" }));
    }

    [Test]
    public async Task Jobs_AreFoundByTheSchedule()
    {
        var document = await UploadAsync(Tides);
        var response = await PostAsync("/api/generation-jobs", $$"""{"kind":"outline","documents":["{{document}}"]}""");

        await UntilAsync(response.Headers.Location!.ToString(), "succeeded");

        Assert.That(await Database.QueryAsync("SELECT \"Tasks\" FROM generation_jobs"), Is.EqualTo(new[] { "1" }));
    }

    private static async Task RunAsync<TPayload>(IQueueClient client, TPayload payload)
        where TPayload : notnull
    {
        var task = await client.EnqueueAsync(payload, new EnqueueOptions { Retention = TimeSpan.FromHours(1) });
        await RedisWait.UntilAsync(
            async () => await Redis.HashGetAsync($"asynq:{{default}}:t:{task.Id}", "state") == "completed", Patience,
            $"{task.Type} is done");
    }
}
