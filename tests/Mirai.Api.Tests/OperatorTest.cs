using System.Net;
using System.Text.Json;
using StackExchange.Redis;

namespace Mirai.Api.Tests;

/// <summary>A test of the routes for operators, and of who may use them.</summary>
internal abstract class OperatorTest : ApiTest
{
    private const string Read = "tasks:read";

    /// <summary>May look, and do nothing.</summary>
    protected static TestKey Reader { get; } = new("reader", Read);

    /// <summary>May do everything that concerns queues whose names begin with "mail".</summary>
    protected static TestKey OfMail { get; } =
        new("of-mail", Read, "queues:manage", "schedules:manage") { Queues = ["mail*"] };

    /// <summary>May do everything that concerns tasks whose types begin with "mail:".</summary>
    protected static TestKey OfMailTypes { get; } =
        new("of-mail-types", Read, "queues:manage", "schedules:manage") { Types = ["mail:*"] };

    /// <summary>May do everything but look and manage.</summary>
    protected static TestKey Sender { get; } = new("sender", "tasks:enqueue");

    protected static long Now => TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();

    protected override ApiHost CreateApi() => new(RedisUrl, TestKey.Settings(Reader, OfMail, OfMailTypes, Sender));

    protected async Task<JsonElement> GetJsonAsync(string path) =>
        JsonDocument.Parse(await Client.GetStringAsync(path)).RootElement;

    protected async Task<HttpResponseMessage> PostAsync(string path) => await Client.PostAsync(path, content: null);

    /// <summary>What callers with a key see of a list: the values of one member.</summary>
    protected async Task<string[]> SeenAsync(TestKey key, string path, string member)
    {
        var response = await key.SendAsync(Client, "GET", path);
        var text = await response.Content.ReadAsStringAsync();
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK), text);

        var list = JsonDocument.Parse(text).RootElement.EnumerateArray();
        return [.. list.Select(entry => entry.GetProperty(member).GetString()!)];
    }

    /// <summary>A task that waits, as raw keys.</summary>
    protected static Task AddPendingAsync(string queue, string id) => Task.WhenAll(
        Redis.SetAddAsync("asynq:queues", queue),
        Redis.ListLeftPushAsync($"asynq:{{{queue}}}:pending", id),
        Redis.HashSetAsync(
            $"asynq:{{{queue}}}:t:{id}", [new HashEntry("msg", ""), new HashEntry("state", "pending")]));
}
