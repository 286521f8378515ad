using System.Net;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Mirai.Queue.Wire;

namespace Mirai.Api.Tests.Servers;

internal sealed class ListServersTests : OperatorTest
{
    private static readonly Timestamp Started = new() { Seconds = 1_800_000_000 };

    [Test]
    public async Task Get_IsEmpty_WhenNoneRun() =>
        Assert.That(await Client.GetStringAsync("/api/servers"), Is.EqualTo("[]"));

    [Test]
    public async Task Get_ShowsWhatEachRuns_WithoutPayloads()
    {
        await AddAsync("s1", ["mail", "files"], Worker("t1", "mail", "mail:send"));

        var answer = await Client.GetStringAsync("/api/servers");

        Assert.That(answer, Is.EqualTo(
            """
            [{"id":"s1","host":"pod-1","pid":7,"concurrency":10,"queues":{"mail":1,"files":2},"strictPriority":true,
            "startedAt":"2027-01-15T08:00:00+00:00","state":"active",
            "tasks":[{"id":"t1","type":"mail:send","queue":"mail",
            "startedAt":"2027-01-15T08:00:00+00:00","deadline":"2027-01-15T08:00:05+00:00"}]}]
            """.ReplaceLineEndings("")));
    }

    [Test]
    public async Task Get_LeavesDeadlineOut_WhenThereIsNone()
    {
        var worker = Worker("t1", "mail", "mail:send");
        worker.Deadline = new Timestamp { Seconds = -62_135_596_800 };
        await AddAsync("s1", ["mail"], worker);

        var task = (await GetJsonAsync("/api/servers"))[0].GetProperty("tasks")[0];

        Assert.That(task.TryGetProperty("deadline", out _), Is.False);
    }

    [Test]
    public async Task Get_ShowsOnlyTheCallersQueues()
    {
        await AddAsync("s1", ["mail", "files"], Worker("t1", "mail", "mail:send"), Worker("t2", "files", "mail:file"));
        await AddAsync("s2", ["files"], Worker("t3", "files", "file:scan"));

        var shown = await JsonAsync(await OfMail.SendAsync(Client, "GET", "/api/servers"));

        Assert.That(shown.GetArrayLength(), Is.EqualTo(1));
        Assert.That(shown[0].GetProperty("queues").GetRawText(), Is.EqualTo("""{"mail":1}"""));
        Assert.That(shown.GetRawText(), Does.Contain("\"t1\"").And.Not.Contain("\"t2\"").And.Not.Contain("files"));
    }

    [Test]
    public async Task Get_ShowsOnlyTasksOfTheCallersTypes()
    {
        await AddAsync("s1", ["mail", "files"], Worker("t1", "mail", "mail:send"), Worker("t3", "files", "file:scan"));

        var shown = await JsonAsync(await OfMailTypes.SendAsync(Client, "GET", "/api/servers"));

        Assert.That(shown[0].GetProperty("queues").GetRawText(), Is.EqualTo("""{"mail":1,"files":2}"""));
        Assert.That(shown.GetRawText(), Does.Contain("\"t1\"").And.Not.Contain("\"t3\"").And.Not.Contain("file:scan"));
    }

    [Test]
    public async Task Get_IsForbidden_WhenCallerMayNotRead() =>
        await ProblemAsync(await Sender.SendAsync(Client, "GET", "/api/servers"), HttpStatusCode.Forbidden);

    private static WorkerInfo Worker(string task, string queue, string type) => new()
    {
        Host = "pod-1", Pid = 7, TaskId = task, TaskType = type, Queue = queue, StartTime = Started,
        TaskPayload = ByteString.CopyFromUtf8("secret"), Deadline = new Timestamp { Seconds = Started.Seconds + 5 },
    };

    private static async Task AddAsync(string id, string[] queues, params WorkerInfo[] running)
    {
        var server = new ServerInfo
        {
            Host = "pod-1", Pid = 7, ServerId = id, Concurrency = 10, StrictPriority = true, Status = "active",
            StartTime = Started,
        };
        foreach (var queue in queues)
        {
            server.Queues[queue] = server.Queues.Count + 1;
        }

        await Redis.SortedSetAddAsync("asynq:servers", $"asynq:servers:{{pod-1:7:{id}}}", Now + 60);
        await Redis.StringSetAsync($"asynq:servers:{{pod-1:7:{id}}}", server.ToByteArray());
        await Redis.SortedSetAddAsync("asynq:workers", $"asynq:workers:{{pod-1:7:{id}}}", Now + 60);
        foreach (var worker in running)
        {
            worker.ServerId = id;
            await Redis.HashSetAsync($"asynq:workers:{{pod-1:7:{id}}}", worker.TaskId, worker.ToByteArray());
        }
    }
}
