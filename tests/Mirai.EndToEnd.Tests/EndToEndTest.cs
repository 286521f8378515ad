using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Mirai.EndToEnd.Tests.Model;
using Mirai.Testing;
using Mirai.Worker;

namespace Mirai.EndToEnd.Tests;

/// <summary>API, worker, Redis and database, all real; only the model is ours, at the far end of HTTP.</summary>
internal abstract class EndToEndTest : RedisTest
{
    protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    protected const string Tides = """
        # Tides

        The moon pulls the sea towards itself, and the sea follows the moon around the earth.

        ## Why two a day

        The earth turns once a day under two bulges of water. One bulge is near the moon, the other far from the moon.

        ## Springs and neaps

        Sun and moon pull together at new moon and full moon. These spring tides are the highest tides of the month.
        """;

    private readonly List<IHost> workers = [];
    private ApiProcess api = null!;

    protected TestDatabase Database { get; private set; } = null!;

    protected ModelServer Model { get; private set; } = null!;

    protected HttpClient Client => api.Client;

    /// <summary>Whether there is a model.</summary>
    protected virtual bool HasModel => true;

    [SetUp]
    public async Task StartAsync()
    {
        Database = await TestDatabase.CreateAsync(TestDatabase.DefaultKind);
        Model = await ModelServer.StartAsync();
        api = new ApiProcess(Settings());
        await StartWorkerAsync();
    }

    [TearDown]
    public async Task StopAsync()
    {
        await StopWorkersAsync();
        await api.DisposeAsync();
        await Model.DisposeAsync();
        await Database.DisposeAsync();
    }

    protected async Task<IHost> StartWorkerAsync(params string[] more)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings
        {
            Args = [.. Settings().Select(setting => $"--{setting.Key}={setting.Value}"), .. more],
            ContentRootPath = AppContext.BaseDirectory,
        });
        builder.Logging.ClearProviders();
        var worker = builder.AddMiraiWorker().Build();
        workers.Add(worker);
        await worker.StartAsync();

        return worker;
    }

    protected async Task StopWorkersAsync()
    {
        foreach (var worker in workers)
        {
            await worker.StopAsync();
            await ((IAsyncDisposable)worker).DisposeAsync();
        }

        workers.Clear();
    }

    /// <summary>How tasks lie in Redis.</summary>
    protected virtual string Layout => "current";

    private Dictionary<string, string> Settings() => new()
    {
        ["REDIS_URL"] = RedisUrl,
        ["QUEUE_LAYOUT"] = Layout,
        ["Ops:Port"] = "-1",
        ["ConnectionStrings:Mirai"] = Database.ConnectionString,
        ["Queue:Server:Queues:critical"] = "6",
        ["Queue:Server:Queues:default"] = "3",
        ["Queue:Server:Queues:low"] = "1",
        ["Queue:Server:ShutdownTimeout"] = "00:00:01",
        ["Model:Name"] = HasModel ? ModelServer.ModelName : "",
        ["Model:BaseUrl"] = Model.BaseUrl,
        ["Model:ApiKey"] = ModelServer.Key,
        ["Model:Timeout"] = "00:00:05",
    };

    /// <summary>Uploads a document, and waits until it is read.</summary>
    protected async Task<string> UploadAsync(string markdown, string name = "tides.md")
    {
        var content = new StringContent(markdown, Encoding.UTF8);
        content.Headers.ContentType = new MediaTypeHeaderValue("text/markdown");
        var document = await JsonAsync(await Client.PostAsync($"/api/documents?name={name}", content));
        var id = document.GetProperty("id").GetString()!;
        await UntilAsync($"/api/documents/{id}", "ready");

        return id;
    }

    /// <summary>Asks for a job, and lets the poll look at once.</summary>
    protected async Task<string> AskAsync(string body)
    {
        var response = await PostAsync("/api/generation-jobs", body);
        Assert.That(
            response.StatusCode, Is.EqualTo(HttpStatusCode.Accepted), await response.Content.ReadAsStringAsync());
        await PollAsync("ai:generation:poll");

        return response.Headers.Location!.ToString();
    }

    protected async Task PollAsync(string type) =>
        Assert.That((await PostAsync("/api/tasks", $$"""{"type":"{{type}}","payload":{},"maxRetry":0}""")).StatusCode,
            Is.EqualTo(HttpStatusCode.Accepted));

    protected Task<HttpResponseMessage> PostAsync(string path, string json) =>
        Client.PostAsync(path, new StringContent(json, Encoding.UTF8, "application/json"));

    protected async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, string? json = null, string? ifMatch = null, string? ifNoneMatch = null)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Content = json is null ? null : new StringContent(json, Encoding.UTF8, "application/json");
        if (ifMatch is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        }

        if (ifNoneMatch is not null)
        {
            request.Headers.TryAddWithoutValidation("If-None-Match", ifNoneMatch);
        }

        return await Client.SendAsync(request);
    }

    protected Task<JsonElement> UntilAsync(string path, string state) =>
        UntilAsync(path, shown => shown.GetProperty("state").GetString() == state);

    protected async Task<JsonElement> UntilAsync(string path, Func<JsonElement, bool> isSo)
    {
        JsonElement shown = default;
        await RedisWait.UntilAsync(
            async () =>
            {
                shown = await GetAsync(path);
                return isSo(shown);
            },
            Patience, $"{path} is as expected");

        return shown;
    }

    protected async Task<JsonElement> GetAsync(string path) => await JsonAsync(await Client.GetAsync(path));

    protected static async Task<JsonElement> JsonAsync(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.That(response.IsSuccessStatusCode, Is.True, $"{(int)response.StatusCode} {text}");
        return JsonDocument.Parse(text).RootElement;
    }

    protected static string[] Texts(JsonElement list, string member) =>
        [.. list.EnumerateArray().Select(item => item.GetProperty(member).GetString()!)];
}
