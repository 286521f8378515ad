using System.Net;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Mirai.Queue.Wire;

namespace Mirai.Api.Tests.Schedules;

internal sealed class ListSchedulesTests : ScheduleTest
{
    [Test]
    public async Task Get_IsEmpty_WhenNoSchedulerRuns() =>
        Assert.That(await Client.GetStringAsync("/api/schedules"), Is.EqualTo("[]"));

    [Test]
    public async Task Get_ShowsEntries_WithoutPayloads()
    {
        await AddAsync("e1", "mail:digest", "Queue(\"mail\")", "MaxRetry(3)");

        Assert.That(await Client.GetStringAsync("/api/schedules"), Is.EqualTo(
            """
            [{"id":"e1","spec":"@every 5m","type":"mail:digest","queue":"mail",
            "options":["Queue(\"mail\")","MaxRetry(3)"],"nextAt":"2027-01-15T08:05:00+00:00",
            "previousAt":"2027-01-15T08:00:00+00:00"}]
            """.ReplaceLineEndings("")));
    }

    [Test]
    public async Task Get_ShowsOnlyWhatTheCallerMaySee()
    {
        await AddSomeAsync();
        await AddAsync("e-unknown", "mail:digest", "Queue(mail)");

        var (all, ofQueue, ofTypes) = (
            await SeenAsync(Reader, "/api/schedules", "id"), await SeenAsync(OfMail, "/api/schedules", "id"),
            await SeenAsync(OfMailTypes, "/api/schedules", "id"));

        Assert.That(all, Is.EqualTo(new[] { "e-mail", "e-files", "e-both", "e-unknown" }));
        Assert.That(ofQueue, Is.EqualTo(new[] { "e-mail" }));
        Assert.That(ofTypes, Is.EqualTo(new[] { "e-mail", "e-both", "e-unknown" }));
    }

    [Test]
    public async Task GetEvents_ShowsTheNewestFirst_InPages()
    {
        await AddAsync("e1", "mail:digest");
        foreach (var i in Enumerable.Range(0, 40))
        {
            var happened = new SchedulerEnqueueEvent
            {
                TaskId = $"t{i:00}", EnqueueTime = new Timestamp { Seconds = 1_800_000_000 + i },
            };
            await Redis.SortedSetAddAsync("asynq:scheduler_history:e1", happened.ToByteArray(), 1_800_000_000 + i);
        }

        var usual = await GetJsonAsync("/api/schedules/e1/events");
        var last = await GetJsonAsync("/api/schedules/e1/events?page=2&pageSize=39");

        Assert.That(usual.GetArrayLength(), Is.EqualTo(30));
        Assert.That(usual[0].GetRawText(), Is.EqualTo("""{"taskId":"t39","enqueuedAt":"2027-01-15T08:00:39+00:00"}"""));
        Assert.That(last.GetRawText(), Is.EqualTo("""[{"taskId":"t00","enqueuedAt":"2027-01-15T08:00:00+00:00"}]"""));
    }

    [TestCase("?page=0", "page")]
    [TestCase("?pageSize=101", "pageSize")]
    [TestCase("?page=&pageSize=", "page", "pageSize")]
    public async Task GetEvents_NamesWhatIsOutOfRange(string query, params string[] fields)
    {
        await AddAsync("e1", "mail:digest");

        var response = await Client.GetAsync($"/api/schedules/e1/events{query}");

        var problem = await ProblemAsync(response, HttpStatusCode.BadRequest);
        Assert.That(Fields(problem), Is.EqualTo(fields));
    }

    [Test]
    public async Task GetEvents_IsNotFound_WhenThereIsNoSuchEntryForTheCaller()
    {
        await AddSomeAsync();

        await ProblemAsync(await Client.GetAsync("/api/schedules/nope/events"), HttpStatusCode.NotFound);
        var notTheirs = await OfMail.SendAsync(Client, "GET", "/api/schedules/e-both/events");
        await ProblemAsync(notTheirs, HttpStatusCode.NotFound);
    }

    [TestCase("/api/schedules")]
    [TestCase("/api/schedules/e-mail/events")]
    public async Task Get_IsForbidden_WhenCallerMayNotRead(string path)
    {
        await AddSomeAsync();

        await ProblemAsync(await Sender.SendAsync(Client, "GET", path), HttpStatusCode.Forbidden);
    }
}
