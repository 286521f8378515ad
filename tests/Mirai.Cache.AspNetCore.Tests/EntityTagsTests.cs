using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Mirai.Testing;

namespace Mirai.Cache.AspNetCore.Tests;

/// <summary>An API over real HTTP whose handlers return what the cache gave them.</summary>
internal sealed class EntityTagsTests : RedisTest
{
    private static readonly CacheKey<Price> Key = CacheKey.Of<Price>("price:1");

    private WebApplication app = null!;
    private HttpClient client = null!;
    private ICache cache = null!;

    [SetUp]
    public async Task StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddMiraiCache(options =>
        {
            options.RedisUrl = RedisUrl;
            options.RedisTimeout = TimeSpan.FromSeconds(5);
        }).AddJsonContext(PriceJsonContext.Default);
        app = builder.Build();
        var prices = app.MapGroup("/price").WithEntityTags();
        prices.MapGet("", async (ICache all) => await all.GetAsync(Key));
        prices.MapPut("", async (ICache all, RequestCondition condition) =>
            await all.SetAsync(Key, new Price("EUR", 2), condition: condition.Condition));
        prices.MapDelete(
            "", async (ICache all, RequestCondition condition) => await all.DeleteAsync(Key, condition.Condition));
        app.MapGet("/public", async (ICache all) => await all.GetAsync(Key)).WithEntityTags("public, max-age=60");
        await app.StartAsync();
        client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
        cache = app.Services.GetRequiredService<ICache>();
    }

    [TearDown]
    public async Task StopAppAsync()
    {
        client.Dispose();
        await app.DisposeAsync();
    }

    [Test]
    public async Task Get_AnswersDataWithTag()
    {
        var etag = (await cache.SetAsync(Key, new Price("EUR", 1))).ETag;

        using var response = await SendAsync(HttpMethod.Get, "/price");

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo("""{"currency":"EUR","amount":1}"""));
        Assert.That(response.Headers.ETag!.ToString(), Is.EqualTo(etag.ToString()));
        Assert.That(response.Headers.CacheControl!.ToString(), Is.EqualTo("no-cache, private"));
    }

    [Test]
    public async Task Get_AnswersNotModified_WhenTheClientHasIt()
    {
        var etag = (await cache.SetAsync(Key, new Price("EUR", 1))).ETag!.Value;

        using var same = await SendAsync(HttpMethod.Get, "/price", ifNoneMatch: $"\"x,y\", {etag.ToString()[2..]}");
        using var any = await SendAsync(HttpMethod.Get, "/public", ifNoneMatch: "*");
        using var other = await SendAsync(HttpMethod.Get, "/price", ifNoneMatch: "W/\"x\"");

        Assert.That(same.StatusCode, Is.EqualTo(HttpStatusCode.NotModified), "weakly compared");
        Assert.That(same.Headers.ETag!.ToString(), Is.EqualTo(etag.ToString()));
        Assert.That(await same.Content.ReadAsStringAsync(), Is.Empty);
        Assert.That(any.StatusCode, Is.EqualTo(HttpStatusCode.NotModified));
        Assert.That(any.Headers.CacheControl!.ToString(), Is.EqualTo("public, max-age=60"));
        Assert.That(other.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Get_AnswersPreconditionFailed_WhenAnotherVersionIsThere()
    {
        await cache.SetAsync(Key, new Price("EUR", 1));

        using var response = await SendAsync(HttpMethod.Get, "/price", ifMatch: "W/\"x\"");

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.PreconditionFailed));
    }

    [Test]
    public async Task Get_AnswersNotFound_WhenThereIsNone()
    {
        using var response = await SendAsync(HttpMethod.Get, "/price");

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
    }

    [Test]
    public async Task Put_ChangesTheVersionTheClientSaw_AndNoOther()
    {
        var seen = (await cache.SetAsync(Key, new Price("EUR", 1))).ETag!.Value;

        using var first = await SendAsync(HttpMethod.Put, "/price", ifMatch: seen.ToString());
        using var second = await SendAsync(HttpMethod.Put, "/price", ifMatch: seen.ToString());
        using var third = await SendAsync(HttpMethod.Put, "/price", ifNoneMatch: "*");

        Assert.That(first.StatusCode, Is.EqualTo(HttpStatusCode.NoContent));
        Assert.That(second.StatusCode, Is.EqualTo(HttpStatusCode.PreconditionFailed));
        Assert.That(second.Headers.ETag, Is.EqualTo(first.Headers.ETag), "the loser gets the current one");
        Assert.That(third.StatusCode, Is.EqualTo(HttpStatusCode.PreconditionFailed));
    }

    [Test]
    public async Task Delete_ComparesAsWell()
    {
        await cache.SetAsync(Key, new Price("EUR", 1));

        using var refused = await SendAsync(HttpMethod.Delete, "/price", ifMatch: "\"x\"");
        using var done = await SendAsync(HttpMethod.Delete, "/price", ifMatch: "*");

        Assert.That((refused.StatusCode, done.StatusCode), Is.EqualTo((
            HttpStatusCode.PreconditionFailed, HttpStatusCode.NoContent)));
    }

    [TestCase("x")]
    [TestCase("\"a\" \"b\"")]
    [TestCase("\"a\",")]
    public async Task Put_IsABadRequest_WhenThePreconditionCannotBeRead(string ifMatch)
    {
        using var response = await SendAsync(HttpMethod.Put, "/price", ifMatch);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
    }

    private async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, string? ifMatch = null, string? ifNoneMatch = null)
    {
        using var request = new HttpRequestMessage(method, path);
        Add(request.Headers, "If-Match", ifMatch);
        Add(request.Headers, "If-None-Match", ifNoneMatch);

        return await client.SendAsync(request);
    }

    private static void Add(HttpRequestHeaders headers, string name, string? value)
    {
        if (value is not null)
        {
            headers.TryAddWithoutValidation(name, value);
        }
    }
}

internal sealed record Price(string Currency, decimal Amount);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Price))]
internal sealed partial class PriceJsonContext : JsonSerializerContext;
