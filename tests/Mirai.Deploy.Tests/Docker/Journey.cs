using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Mirai.Testing;

namespace Mirai.Deploy.Tests.Docker;

/// <summary>Turns a document into a course, and reads and changes the course. This takes both programs and all that
/// they use Redis for: outbox, tasks, schedules, events, cache and locks.</summary>
internal sealed class Journey(HttpClient client)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>The events of the generation from <c>/api/events</c>.</summary>
    public string Heard { get; private set; } = "";

    public async Task GoAsync()
    {
        using var events = await client.GetAsync("/api/events", HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await events.Content.ReadAsStreamAsync());
        var document = await SendDocumentAsync();
        await WaitForAsync($"/api/documents/{document}", "ready");
        var job = await PostAsync("/api/generation-jobs", new { kind = "outline", documents = new[] { document } });
        await WaitForAsync($"/api/generation-jobs/{job["id"]}", "succeeded");
        await ListenAsync(reader);

        var course = (await client.GetFromJsonAsync<JsonNode>($"/api/generation-jobs/{job["id"]}"))!["courseId"];
        await PostAsync("/api/folders", new { name = "Seas" });
        foreach (var page in (string[])["/api/library", "/api/folders", "/api/courses", $"/api/courses/{course}", "/api/queues"])
        {
            using var first = await client.GetAsync(page);
            using var cached = await client.GetAsync(page);
            Assert.That((first.IsSuccessStatusCode, cached.IsSuccessStatusCode), Is.EqualTo((true, true)), page);
        }
    }

    private async Task ListenAsync(StreamReader reader)
    {
        var heard = new StringBuilder();
        while (!heard.ToString().Contains("succeeded", StringComparison.Ordinal))
        {
            heard.AppendLine(await reader.ReadLineAsync().WaitAsync(Patience));
        }

        Heard = heard.ToString();
    }

    private async Task<string> SendDocumentAsync()
    {
        using var body = new StringContent(
            "# Tides\n\nThe moon pulls the sea.\n\n## Twice a day\n\nThe earth turns below.", Encoding.UTF8,
            "text/markdown");
        using var sent = await client.PostAsync("/api/documents", body);
        return (string)(await sent.Content.ReadFromJsonAsync<JsonNode>())!["id"]!;
    }

    private async Task<JsonNode> PostAsync(string path, object body)
    {
        using var answer = await client.PostAsJsonAsync(path, body);
        Assert.That(answer.IsSuccessStatusCode, Is.True, await answer.Content.ReadAsStringAsync());

        return (await answer.Content.ReadFromJsonAsync<JsonNode>())!;
    }

    private Task WaitForAsync(string path, string state) => RedisWait.UntilAsync(
        async () =>
        {
            var now = (string)(await client.GetFromJsonAsync<JsonNode>(path))!["state"]!;
            Assert.That(now, Is.Not.EqualTo("failed"), path);

            return now == state;
        },
        Patience, $"{path} is {state}");
}
