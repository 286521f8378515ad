using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Mirai.EndToEnd.Tests.Model;

/// <summary>An endpoint of chat completions: answers in the documented shape with courses that fit the question, and
/// fails on command.</summary>
internal sealed partial class ModelServer : IAsyncDisposable
{
    public const string ModelName = "test-model";
    public const string Key = "sk-very-secret";

    private readonly WebApplication app;
    private readonly ConcurrentQueue<Func<HttpContext, string, Task>> next = new();

    private ModelServer(WebApplication app) => this.app = app;

    public string BaseUrl => $"{app.Urls.First()}/v1";

    /// <summary>The questions, as they came.</summary>
    public ConcurrentQueue<JsonElement> Questions { get; } = new();

    /// <summary>What was wrong with questions.</summary>
    public ConcurrentQueue<string> Faults { get; } = new();

    /// <summary>Completes when a caller waits for the answer that never comes.</summary>
    public TaskCompletionSource Hanging { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when that caller has ended the request.</summary>
    public TaskCompletionSource Dropped { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public static async Task<ModelServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var server = new ModelServer(app);
        app.MapPost("/v1/chat/completions", (RequestDelegate)server.AnswerAsync);
        await app.StartAsync();

        return server;
    }

    /// <summary>The next answer is that status.</summary>
    public void FailNext(int status, params (string Name, string Value)[] headers) => next.Enqueue(async (http, _) =>
    {
        http.Response.StatusCode = status;
        foreach (var (name, value) in headers)
        {
            http.Response.Headers[name] = value;
        }

        http.Response.ContentType = "application/json";
        await http.Response.WriteAsync("""{"error":{"message":"no","type":"error","param":null,"code":null}}""");
    });

    /// <summary>The next answer never comes.</summary>
    public void HangNext() => next.Enqueue(async (http, _) =>
    {
        Hanging.TrySetResult();
        await using var registration = http.RequestAborted.Register(() => Dropped.TrySetResult());
        await Dropped.Task;
    });

    /// <summary>The next answer says that.</summary>
    public void SayNext(string text, string finishReason = "stop") =>
        next.Enqueue((http, _) => WriteAsync(http, text, finishReason));

    /// <summary>The next answer is no JSON at all.</summary>
    public void BreakNext() => next.Enqueue((http, _) =>
    {
        http.Response.ContentType = "application/json";
        return http.Response.WriteAsync("{\"id\": \"chatcmpl-1\", \"choices\": [{");
    });

    /// <summary>What a message says: its content is text, or parts of text.</summary>
    public static string Content(JsonElement message) => message.GetProperty("content") is var content
        && content.ValueKind == JsonValueKind.String
            ? content.GetString()! : content[0].GetProperty("text").GetString()!;

    public async ValueTask DisposeAsync() => await app.DisposeAsync();

    private async Task AnswerAsync(HttpContext http)
    {
        var question = (await JsonDocument.ParseAsync(http.Request.Body)).RootElement;
        Questions.Enqueue(question);
        Check(http, question);
        if (next.TryDequeue(out var answer))
        {
            await answer(http, "");
            return;
        }

        var schema = question.GetProperty("response_format").GetProperty("json_schema")
            .GetProperty("name").GetString();
        var ids = SourceIds().Matches(Content(question.GetProperty("messages")[1]))
            .Select(match => int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)).ToList();
        await WriteAsync(http, schema == "course_outline" ? Outline(ids) : Lesson(ids), "stop");
    }

    private void Check(HttpContext http, JsonElement question)
    {
        void Must(bool holds, string what)
        {
            if (!holds)
            {
                Faults.Enqueue(what);
            }
        }

        Must(http.Request.Headers.Authorization == $"Bearer {Key}", "the key");
        Must(question.GetProperty("model").GetString() == ModelName, "the model");
        var format = question.GetProperty("response_format");
        Must(format.GetProperty("type").GetString() == "json_schema", "the format");
        Must(
            format.GetProperty("json_schema").GetProperty("schema").GetProperty("type").GetString() == "object",
            "the schema");
        var roles = question.GetProperty("messages").EnumerateArray()
            .Select(message => message.GetProperty("role").GetString()).ToList();
        Must(roles is ["system", "user"] or ["system", "user", "assistant", "user"], $"the roles: {string.Join(",", roles)}");
    }

    private static string Outline(List<int> ids)
    {
        var lessons = new JsonArray(Plan("The pull", ids.Take(1)));
        if (ids.Count > 1)
        {
            lessons.Add(Plan("Two bulges", ids.Skip(1)));
        }

        return new JsonObject
        {
            ["title"] = "All about tides",
            ["summary"] = "What the moon does to the sea.",
            ["lessons"] = lessons,
        }.ToJsonString();
    }

    private static JsonObject Plan(string title, IEnumerable<int> ids) => new()
    {
        ["title"] = title,
        ["summary"] = $"It teaches {title}.",
        ["sources"] = new JsonArray([.. ids.Select(id => (JsonNode)id)]),
    };

    private static string Lesson(List<int> ids) => new JsonObject
    {
        ["body"] = $"What sources {string.Join(" and ", ids)} say.",
        ["keyPoints"] = new JsonArray("The moon pulls."),
        ["sources"] = new JsonArray(ids[0]),
    }.ToJsonString();

    private static Task WriteAsync(HttpContext http, string text, string finishReason)
    {
        http.Response.ContentType = "application/json";
        return http.Response.WriteAsync(new JsonObject
        {
            ["id"] = "chatcmpl-1",
            ["object"] = "chat.completion",
            ["created"] = 1_760_000_000,
            ["model"] = ModelName,
            ["choices"] = new JsonArray(new JsonObject
            {
                ["index"] = 0,
                ["message"] = new JsonObject { ["role"] = "assistant", ["content"] = text, ["refusal"] = null },
                ["logprobs"] = null,
                ["finish_reason"] = finishReason,
            }),
            ["usage"] = new JsonObject { ["prompt_tokens"] = 10, ["completion_tokens"] = 10, ["total_tokens"] = 20 },
        }.ToJsonString());
    }

    [GeneratedRegex("<source id=\"([0-9]+)\"")]
    private static partial Regex SourceIds();
}
