using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Mirai.Queue.Wire;
using Mirai.Testing;

namespace Mirai.Api.Tests.Hosting;

/// <summary>Every route of the description, in the real program: what it answers is JSON, and never 500. The program
/// serializes by generated code alone, and a type that the code does not know fails there first.</summary>
internal sealed partial class ProgramRoutesTests : RedisTest
{
    private const string Json = "application/json";
    private const string Problem = "application/problem+json";

    // In this order: later requests use the ids that earlier answers give, by the names in the column "id".
    private static readonly Call[] Calls =
    [
        new("POST /api/tasks", 202) { Body = """{"type":"a:b","taskId":"a","payload":{"x":1},"processIn":"1h"}""" },
        new("POST /api/tasks", 202) { Body = """{"type":"a:b","taskId":"b","payloadBase64":"AAE="}""" },
        new("POST /api/tasks", 202) { Body = """{"type":"a:b","taskId":"c","group":"g","headers":{"h":"1"}}""" },
        new("POST /api/tasks", 409) { Body = """{"type":"a:b","taskId":"a"}""" },
        new("POST /api/tasks", 400) { Body = """{"typ":"a:b"}""" },
        new("POST /api/tasks", 400) { Body = "{" },
        new("POST /api/tasks", 415) { Body = "a", ContentType = "text/plain" },
        new("GET /api/tasks/{queue}/{id}", 200) { Path = "/api/tasks/default/a" },
        new("GET /api/tasks/{queue}/{id}", 200) { Path = "/api/tasks/default/b?wait=1ms" },
        new("GET /api/tasks/{queue}/{id}", 404) { Path = "/api/tasks/default/nope" },
        new("GET /api/tasks/{queue}/{id}", 400) { Path = "/api/tasks/default/a?wait=long" },
        new("POST /api/tasks/{queue}/{id}/reschedule", 204)
        {
            Path = "/api/tasks/default/a/reschedule", Body = """{"processIn":"2h"}""",
        },
        new("POST /api/tasks/{queue}/{id}/reschedule", 400) { Path = "/api/tasks/default/a/reschedule", Body = "{}" },
        new("PUT /api/tasks/{queue}/{id}/payload", 204)
        {
            Path = "/api/tasks/default/a/payload", Body = """{"payload":[2]}""",
        },
        new("PUT /api/tasks/{queue}/{id}/payload", 400) { Path = "/api/tasks/default/a/payload", Body = "{}" },
        new("POST /api/tasks/{queue}/{id}/run", 204) { Path = "/api/tasks/default/a/run" },
        new("POST /api/tasks/{queue}/{id}/run", 409) { Path = "/api/tasks/default/a/run" },
        new("POST /api/tasks/{queue}/{id}/archive", 204) { Path = "/api/tasks/default/a/archive" },
        new("POST /api/tasks/{queue}/{id}/archive", 404) { Path = "/api/tasks/default/nope/archive" },
        new("POST /api/tasks/{queue}/{id}/cancel", 202) { Path = "/api/tasks/default/active/cancel" },
        new("POST /api/tasks/{queue}/{id}/cancel", 409) { Path = "/api/tasks/default/a/cancel" },
        new("GET /api/queues", 200),
        new("GET /api/queues/{queue}", 200) { Path = "/api/queues/default" },
        new("GET /api/queues/{queue}", 404) { Path = "/api/queues/nope" },
        new("GET /api/queues/{queue}/history", 200) { Path = "/api/queues/default/history" },
        new("GET /api/queues/{queue}/history", 404) { Path = "/api/queues/nope/history" },
        new("GET /api/queues/{queue}/groups", 200) { Path = "/api/queues/default/groups" },
        new("GET /api/queues/{queue}/groups", 404) { Path = "/api/queues/nope/groups" },
        new("GET /api/queues/{queue}/tasks", 200) { Path = "/api/queues/default/tasks?state=archived" },
        new("GET /api/queues/{queue}/tasks", 400) { Path = "/api/queues/default/tasks?state=lost" },
        new("GET /api/queues/{queue}/tasks/search", 200) { Path = "/api/queues/default/tasks/search?state=archived" },
        new("GET /api/queues/{queue}/tasks/search", 400) { Path = "/api/queues/default/tasks/search" },
        new("POST /api/queues/{queue}/tasks/bulk", 200)
        {
            Path = "/api/queues/default/tasks/bulk", Body = """{"action":"run","state":"archived","dryRun":true}""",
        },
        new("POST /api/queues/{queue}/tasks/bulk", 200)
        {
            Path = "/api/queues/default/tasks/bulk", Body = """{"action":"run","state":"archived"}""",
        },
        new("POST /api/queues/{queue}/tasks/bulk", 400) { Path = "/api/queues/default/tasks/bulk", Body = "{}" },
        new("DELETE /api/tasks/{queue}/{id}", 204) { Path = "/api/tasks/default/b" },
        new("DELETE /api/tasks/{queue}/{id}", 404) { Path = "/api/tasks/default/b" },
        new("POST /api/queues/{queue}/pause", 200) { Path = "/api/queues/default/pause" },
        new("POST /api/queues/{queue}/pause", 400) { Path = "/api/queues/%7Bdefault%7D/pause" },
        new("POST /api/queues/{queue}/resume", 200) { Path = "/api/queues/default/resume" },
        new("POST /api/queues/{queue}/resume", 400) { Path = "/api/queues/%7Bdefault%7D/resume" },
        new("DELETE /api/queues/{queue}", 409) { Path = "/api/queues/default" },
        new("DELETE /api/queues/{queue}", 204) { Path = "/api/queues/empty" },
        new("GET /api/servers", 200),
        new("GET /api/schedules", 200),
        new("GET /api/schedules/{id}/events", 200) { Path = "/api/schedules/e1/events" },
        new("GET /api/schedules/{id}/events", 404) { Path = "/api/schedules/nope/events" },
        new("POST /api/schedules/{id}/run", 202) { Path = "/api/schedules/e1/run" },
        new("POST /api/schedules/{id}/run", 404) { Path = "/api/schedules/nope/run" },
        new("POST /api/documents", 202) { Body = "# Tides", ContentType = "text/markdown", Id = "document" },
        new("POST /api/documents", 415) { Body = "a", ContentType = "image/png" },
        new("GET /api/documents/{id}", 200) { Path = "/api/documents/{document}" },
        new("GET /api/documents/{id}", 404) { Path = "/api/documents/nope" },
        new("GET /api/documents/{id}/chunks", 200) { Path = "/api/documents/{document}/chunks" },
        new("GET /api/documents/{id}/chunks", 404) { Path = "/api/documents/nope/chunks" },
        new("POST /api/folders", 201) { Body = """{"name":"f"}""", Id = "folder" },
        new("POST /api/folders", 400) { Body = """{"name":""}""" },
        new("PUT /api/folders/{id}", 200) { Path = "/api/folders/{folder}", Body = """{"name":"g"}""", IfMatch = "*" },
        new("PUT /api/folders/{id}", 428) { Path = "/api/folders/{folder}", Body = """{"name":"g"}""" },
        new("GET /api/folders", 200),
        new("POST /api/courses", 201)
        {
            Body = """{"title":"c","folderId":"{folder}","tags":["t"],"lessons":[{"title":"l","keyPoints":["k"]}]}""",
            Id = "course",
        },
        new("POST /api/courses", 400) { Body = """{"title":""}""" },
        new("GET /api/courses", 200),
        new("GET /api/courses", 400) { Path = "/api/courses?status=lost" },
        new("GET /api/courses/{id}", 200) { Path = "/api/courses/{course}" },
        new("GET /api/courses/{id}", 404) { Path = "/api/courses/nope" },
        new("PUT /api/courses/{id}", 200)
        {
            Path = "/api/courses/{course}", Body = """{"title":"d","folderId":"{folder}"}""", IfMatch = "*",
        },
        new("PUT /api/courses/{id}", 412)
        {
            Path = "/api/courses/{course}", Body = """{"title":"d"}""", IfMatch = "W/\"other\"",
        },
        new("GET /api/folders/{id}/courses", 200) { Path = "/api/folders/{folder}/courses" },
        new("GET /api/folders/{id}/courses", 404) { Path = "/api/folders/nope/courses" },
        new("GET /api/library", 200),
        new("POST /api/generation-jobs", 202)
        {
            Body = """{"kind":"outline","documents":["{document}"]}""", Id = "job",
        },
        new("POST /api/generation-jobs", 400) { Body = "{}" },
        new("GET /api/generation-jobs/{id}", 200) { Path = "/api/generation-jobs/{job}" },
        new("GET /api/generation-jobs/{id}", 404) { Path = "/api/generation-jobs/nope" },
        new("POST /api/generation-jobs/{id}/cancel", 200) { Path = "/api/generation-jobs/{job}/cancel" },
        new("POST /api/generation-jobs/{id}/cancel", 404) { Path = "/api/generation-jobs/nope/cancel" },
        new("DELETE /api/folders/{id}", 409) { Path = "/api/folders/{folder}", IfMatch = "*" },
        new("DELETE /api/courses/{id}", 204) { Path = "/api/courses/{course}", IfMatch = "*" },
        new("DELETE /api/courses/{id}", 404) { Path = "/api/courses/{course}", IfMatch = "*" },
        new("DELETE /api/folders/{id}", 204) { Path = "/api/folders/{folder}", IfMatch = "*" },
        new("POST /api/registrations", 201)
        {
            Body = """{"email":"ann@example.org","name":"Ann"}""", Id = "registration",
        },
        new("POST /api/registrations", 400) { Body = "{}" },
        new("GET /api/registrations/{id}", 200) { Path = "/api/registrations/{registration}" },
        new("GET /api/registrations/{id}", 404) { Path = "/api/registrations/nope" },
        new("POST /api/webhooks/stripe", 200) { Body = new FakeSession("cs_test_a").ToEvent(), IsSigned = true },
        new("POST /api/webhooks/stripe", 400) { Body = "{}" },
        new("GET /api/events", 200) { ContentType = "text/event-stream" },
    ];

    private readonly Dictionary<string, string> ids = [];

    [TestCase("Development")]
    [TestCase("Production")]
    public async Task Description_IsThere(string environment)
    {
        await using var program = ApiProgram.Start(
            ("REDIS_URL", RedisUrl), ("ASPNETCORE_ENVIRONMENT", environment), ("Api__ShowsDescription", "true"));
        using var client = await program.ConnectAsync();

        var response = await client.GetAsync("/openapi/v1.json");

        var text = await response.Content.ReadAsStringAsync();
        Assert.That((int)response.StatusCode, Is.EqualTo(200), $"{text} {program.Output}");
        Assert.That(JsonDocument.Parse(text).RootElement.GetProperty("paths").EnumerateObject(), Is.Not.Empty);
    }

    [Test]
    public async Task EveryRoute_AnswersJson_AndNever500()
    {
        await SeedAsync();
        await using var program = ApiProgram.Start(
            ("REDIS_URL", RedisUrl), ("ASPNETCORE_ENVIRONMENT", "Development"),
            ("Stripe__WebhookSecret", FakeStripe.WebhookSecret));
        using var client = await program.ConnectAsync();

        Assert.That(Calls.Select(call => call.Operation).Distinct(), Is.EquivalentTo(await OperationsAsync(client)));
        foreach (var call in Calls)
        {
            await AssertAnswerAsync(client, call, program);
        }
    }

    private async Task AssertAnswerAsync(HttpClient client, Call call, ApiProgram program)
    {
        using var request = Request(call);
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);

        var text = call.ContentType == "text/event-stream"
            ? await ReadEventAsync(response)
            : await response.Content.ReadAsStringAsync();
        var what = $"{call.Operation} {request.RequestUri} {text} {program.Output}";
        Assert.That((int)response.StatusCode, Is.EqualTo(call.Status), what);
        if (text.Length > 0)
        {
            var type = call.Status >= 400 ? Problem : call.ContentType == "text/event-stream" ? call.ContentType : Json;
            Assert.That(response.Content.Headers.ContentType?.MediaType, Is.EqualTo(type), what);
            var answer = JsonDocument.Parse(text).RootElement;
            if (call.Id is not null)
            {
                ids[call.Id] = answer.GetProperty("id").GetString()!;
            }
        }
    }

    private HttpRequestMessage Request(Call call)
    {
        var (method, path) = (call.Operation.Split(' ')[0], Fill(call.Path ?? call.Operation.Split(' ')[1]));
        var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (call.Body is not null)
        {
            var body = Fill(call.Body);
            request.Content = new StringContent(body, Encoding.UTF8);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue(call.ContentType);
            if (call.IsSigned)
            {
                request.Headers.Add("Stripe-Signature", FakeStripe.Sign(body, TimeProvider.System.GetUtcNow()));
            }
        }

        if (call.IfMatch is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", call.IfMatch);
        }

        return request;
    }

    private string Fill(string text) => Placeholder().Replace(
        text, match => ids.GetValueOrDefault(match.Groups[1].Value, match.Value));

    // The first event says that the stream has begun.
    private static async Task<string> ReadEventAsync(HttpResponseMessage response)
    {
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        while (await reader.ReadLineAsync() is { } line)
        {
            if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                return line["data: ".Length..];
            }
        }

        return "";
    }

    private static async Task<string[]> OperationsAsync(HttpClient client)
    {
        var description = JsonDocument.Parse(await client.GetStringAsync("/openapi/v1.json")).RootElement;

        return
        [
            .. description.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject()
                .Select(operation => $"{operation.Name.ToUpperInvariant()} {path.Name}")),
        ];
    }

    // What workers and schedulers write: a running task with its server, a schedule with an event, an empty queue.
    private static async Task SeedAsync()
    {
        var later = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() + 600;
        var time = new Timestamp { Seconds = 1_800_000_000 };
        await Redis.SetAddAsync("asynq:queues", ["default", "empty"]);
        var message = new TaskMessage { Id = "active", Type = "a:b", Queue = "default" };
        await Redis.HashSetAsync(
            "asynq:{default}:t:active", [new("msg", message.ToByteArray()), new("state", "active")]);
        await Redis.ListLeftPushAsync("asynq:{default}:active", "active");
        await Redis.SortedSetAddAsync("asynq:{default}:lease", "active", later);

        const string Server = "asynq:servers:{host:1:s}";
        var server = new ServerInfo
        {
            Host = "host", Pid = 1, ServerId = "s", Concurrency = 1, Queues = { ["default"] = 1 }, Status = "active",
            StartTime = time, ActiveWorkerCount = 1,
        };
        await Redis.SortedSetAddAsync("asynq:servers", Server, later);
        await Redis.StringSetAsync(Server, server.ToByteArray());
        const string Workers = "asynq:workers:{host:1:s}";
        var worker = new WorkerInfo
        {
            Host = "host", Pid = 1, ServerId = "s", TaskId = "active", TaskType = "a:b", Queue = "default",
            StartTime = time, Deadline = time,
        };
        await Redis.SortedSetAddAsync("asynq:workers", Workers, later);
        await Redis.HashSetAsync(Workers, "active", worker.ToByteArray());

        const string Scheduler = "asynq:schedulers:{host:1:s}";
        var entry = new SchedulerEntry
        {
            Id = "e1", Spec = "@every 5m", TaskType = "a:b", NextEnqueueTime = time, PrevEnqueueTime = time,
        };
        await Redis.SortedSetAddAsync("asynq:schedulers", Scheduler, later);
        await Redis.ListRightPushAsync(Scheduler, entry.ToByteArray());
        await Redis.SortedSetAddAsync(
            "asynq:scheduler_history:e1",
            new SchedulerEnqueueEvent { TaskId = "t", EnqueueTime = time }.ToByteArray(), time.Seconds);
    }

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex Placeholder();

    /// <summary>A request, and what the program answers.</summary>
    /// <param name="Operation">Method and path as the description has them.</param>
    /// <param name="Status">The status of the answer.</param>
    private sealed record Call(string Operation, int Status)
    {
        public string? Path { get; init; }

        public string? Body { get; init; }

        public string ContentType { get; init; } = Json;

        public string? IfMatch { get; init; }

        public bool IsSigned { get; init; }

        /// <summary>The name under which later requests use the id of what was made.</summary>
        public string? Id { get; init; }
    }
}
