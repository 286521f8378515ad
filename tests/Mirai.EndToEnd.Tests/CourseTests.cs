using System.Net;
using System.Text.Json;
using Mirai.Testing;

namespace Mirai.EndToEnd.Tests;

/// <summary>Courses and folders over HTTP, and the keys in the cache that each change touches.</summary>
internal sealed class CourseTests : EndToEndTest
{
    // Course 1 lies in the folder and has two tags; course 2 has nothing of that.
    private string folder = "";
    private string first = "";
    private string second = "";

    [SetUp]
    public async Task FillAsync()
    {
        folder = await CreateAsync("/api/folders", """{"name":"Sea"}""");
        first = await CreateAsync("/api/courses", $$"""{"title":"B","folderId":"{{folder}}","status":"draft","tags":["moon","sea water"]}""");
        second = await CreateAsync("/api/courses", """{"title":"A","status":"published","tags":["sun"]}""");
    }

    [Test]
    public async Task Lists_AreByTitle_AndFiltered()
    {
        Assert.That(Texts(await GetAsync("/api/courses"), "title"), Is.EqualTo(new[] { "A", "B" }));
        Assert.That(Texts(await GetAsync("/api/courses?status=draft"), "title"), Is.EqualTo(new[] { "B" }));
        Assert.That(Texts(await GetAsync("/api/courses?tag=sun"), "title"), Is.EqualTo(new[] { "A" }));
        Assert.That(Texts(await GetAsync("/api/courses?tag=sun&status=draft"), "title"), Is.Empty);
        Assert.That(Texts(await GetAsync($"/api/folders/{folder}/courses"), "title"), Is.EqualTo(new[] { "B" }));
        var library = await GetAsync("/api/library");
        Assert.That(Texts(library.GetProperty("folders"), "name"), Is.EqualTo(new[] { "Sea" }));
        Assert.That(Texts(library.GetProperty("courses"), "title"), Is.EqualTo(new[] { "A", "B" }));
    }

    [TestCase("/api/library")]
    [TestCase("/api/folders")]
    [TestCase("/api/folders/{folder}/courses")]
    [TestCase("/api/courses")]
    [TestCase("/api/courses?status=draft")]
    [TestCase("/api/courses?tag=sea water")]
    [TestCase("/api/courses/{first}")]
    public async Task Get_IsNotModified_TheSecondTime(string path)
    {
        path = path.Replace("{folder}", folder, StringComparison.Ordinal)
            .Replace("{first}", first, StringComparison.Ordinal);
        var once = await Client.GetAsync(path);

        var again = await SendAsync(HttpMethod.Get, path, ifNoneMatch: once.Headers.ETag!.ToString());

        Assert.That(once.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(again.StatusCode, Is.EqualTo(HttpStatusCode.NotModified));
        Assert.That(await again.Content.ReadAsStringAsync(), Is.Empty);
    }

    [TestCase("""{"title":"B","folderId":"{folder}","status":"draft","tags":["moon","sea water"],"lessons":[{"title":"L"}]}""", TestName = "{m}(lessons only)",
        ExpectedResult = "course:1")]
    [TestCase("""{"title":"C","folderId":"{folder}","status":"draft","tags":["moon","sea water"]}""", TestName = "{m}(title)",
        ExpectedResult = "course:1 courses:all courses:status:draft courses:tag:moon courses:tag:sea water " +
            "folder:F:courses library:index")]
    [TestCase("""{"title":"B","status":"published","tags":["sun"]}""", TestName = "{m}(everything)",
        ExpectedResult = "course:1 courses:all courses:status:draft courses:status:published courses:tag:moon " +
            "courses:tag:sea water courses:tag:sun folder:F:courses library:index")]
    public async Task<string> Update_TakesOutOfTheCache_WhatItTouches(string body)
    {
        var etag = await WarmAsync();
        var before = await KeysAsync();

        var response = await SendAsync(
            HttpMethod.Put, $"/api/courses/{first}", body.Replace("{folder}", folder, StringComparison.Ordinal),
            ifMatch: etag);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK), await response.Content.ReadAsStringAsync());
        Assert.That(response.Headers.ETag!.ToString(), Is.Not.EqualTo(etag));
        return Named(before.Except(await KeysAsync()).Append($"course:{first}")); // the answer has put it there again
    }

    [Test]
    public async Task Delete_TakesOutOfTheCache_WhatItTouches()
    {
        var etag = await WarmAsync();
        var before = await KeysAsync();

        var response = await SendAsync(HttpMethod.Delete, $"/api/courses/{first}", ifMatch: etag);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.NoContent));
        Assert.That(Named(before.Except(await KeysAsync())), Is.EqualTo(
            "course:1 courses:all courses:status:draft courses:tag:moon courses:tag:sea water folder:F:courses " +
            "library:index"));
        Assert.That((await Client.GetAsync($"/api/courses/{first}")).StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That(await Redis.KeyExistsAsync($"course:{first}"), Is.False, "absence is not cached");
    }

    [Test]
    public async Task Create_TakesOutOfTheCache_WhatItTouches()
    {
        await WarmAsync();
        var before = await KeysAsync();

        await CreateAsync("/api/courses", """{"title":"New","status":"published","tags":["sun"]}""");

        Assert.That(Named(before.Except(await KeysAsync())), Is.EqualTo(
            "courses:all courses:status:published courses:tag:sun library:index"));
    }

    [Test]
    public async Task Folders_TakeOutOfTheCache_WhatTheyTouch()
    {
        await WarmAsync();
        var before = await KeysAsync();

        var inner = await CreateAsync("/api/folders", $$"""{"name":"Inner","parentId":"{{folder}}"}""");

        Assert.That(Named(before.Except(await KeysAsync())), Is.EqualTo("folders:hierarchy library:index"));
        var tree = await Client.GetAsync("/api/folders");
        var top = (await JsonAsync(tree))[0];
        Assert.That(top.GetProperty("folders")[0].GetProperty("id").GetString(), Is.EqualTo(inner));
        Assert.That(
            await StatusAsync(HttpMethod.Delete, $"/api/folders/{folder}", ifMatch: "*"),
            Is.EqualTo(HttpStatusCode.Conflict));
        Assert.That(
            await StatusAsync(HttpMethod.Put, $"/api/folders/{folder}", $$"""{"name":"Sea","parentId":"{{inner}}"}""", "*"),
            Is.EqualTo(HttpStatusCode.BadRequest), "a folder inside itself");
        Assert.That(
            await StatusAsync(HttpMethod.Put, $"/api/folders/{inner}", """{"name":"Renamed"}""", tree.Headers.ETag!.ToString()),
            Is.EqualTo(HttpStatusCode.OK));
        Assert.That(
            await StatusAsync(HttpMethod.Delete, $"/api/folders/{inner}", ifMatch: tree.Headers.ETag.ToString()),
            Is.EqualTo(HttpStatusCode.PreconditionFailed), "the tree was changed");
        Assert.That(
            await StatusAsync(HttpMethod.Delete, $"/api/folders/{inner}", ifMatch: "*"),
            Is.EqualTo(HttpStatusCode.NoContent));
        Assert.That(Texts(await GetAsync("/api/folders"), "name"), Is.EqualTo(new[] { "Sea" }));
    }

    [Test]
    public async Task Update_IsRefused_ForAnotherVersion_OrNone()
    {
        var etag = await WarmAsync();
        await SendAsync(HttpMethod.Put, $"/api/courses/{first}", """{"title":"Theirs"}""", ifMatch: etag);

        Assert.That(
            await StatusAsync(HttpMethod.Put, $"/api/courses/{first}", """{"title":"Mine"}""", etag),
            Is.EqualTo(HttpStatusCode.PreconditionFailed));
        Assert.That(
            await StatusAsync(HttpMethod.Put, $"/api/courses/{first}", """{"title":"Mine"}"""),
            Is.EqualTo(HttpStatusCode.PreconditionRequired));
        Assert.That(
            await StatusAsync(HttpMethod.Delete, $"/api/courses/{first}", ifMatch: etag),
            Is.EqualTo(HttpStatusCode.PreconditionFailed));
        Assert.That((await GetAsync($"/api/courses/{first}")).GetProperty("title").GetString(), Is.EqualTo("Theirs"));
    }

    [Test]
    public async Task Update_Happens_WhenTheEntryWasEvictedMeanwhile()
    {
        var etag = await WarmAsync();
        await Redis.KeyDeleteAsync($"course:{first}");

        Assert.That(
            await StatusAsync(HttpMethod.Put, $"/api/courses/{first}", """{"title":"Mine"}""", etag), Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Update_IsRefused_WhenOnlyTheCacheIsOfThatVersion()
    {
        var etag = await WarmAsync();
        var stale = await Redis.StringGetAsync($"course:{first}");
        await SendAsync(HttpMethod.Put, $"/api/courses/{first}", """{"title":"Theirs"}""", ifMatch: etag);

        // As after a crash between the commit and the invalidation.
        await Redis.StringSetAsync($"course:{first}", stale);

        Assert.That(
            await StatusAsync(HttpMethod.Put, $"/api/courses/{first}", """{"title":"Mine"}""", etag),
            Is.EqualTo(HttpStatusCode.PreconditionFailed));
        Assert.That((await GetAsync($"/api/courses/{first}")).GetProperty("title").GetString(), Is.EqualTo("Theirs"));
    }

    [Test]
    public async Task Update_OfManyAtOnce_HasOneWinner()
    {
        var etag = await WarmAsync();

        var statuses = await Task.WhenAll(Enumerable.Range(0, 8).Select(writer =>
            StatusAsync(HttpMethod.Put, $"/api/courses/{first}", $$"""{"title":"Writer {{writer}}"}""", etag)));

        Assert.That(statuses.Count(status => status == HttpStatusCode.OK), Is.EqualTo(1), string.Join(" ", statuses));
        Assert.That(
            statuses.Count(status => status == HttpStatusCode.PreconditionFailed), Is.EqualTo(7),
            string.Join(" ", statuses));
        Assert.That((await GetAsync($"/api/courses/{first}")).GetProperty("version").GetInt32(), Is.EqualTo(2));
    }

    [Test]
    public async Task Course_CanBeSentBack_AsItWasRead()
    {
        var etag = await WarmAsync();
        await SendAsync(HttpMethod.Put, $"/api/courses/{first}", """{"title":"B","lessons":[{"title":"One","body":"Text","keyPoints":["k"]},{"title":"Two"}]}""", ifMatch: etag);
        var read = await Client.GetAsync($"/api/courses/{first}");
        var course = await read.Content.ReadAsStringAsync();

        var written = await SendAsync(
            HttpMethod.Put, $"/api/courses/{first}", course, ifMatch: read.Headers.ETag!.ToString());

        var before = JsonDocument.Parse(course).RootElement.GetProperty("lessons");
        Assert.That((await JsonAsync(written)).GetProperty("lessons").GetRawText(), Is.EqualTo(before.GetRawText()));
    }

    [TestCase("""{}""", "title")]
    [TestCase("""{"title":" "}""", "title")]
    [TestCase("""{"title":"T","status":"lost"}""", "status")]
    [TestCase("""{"title":"T","tags":["a*b"]}""", "tags")]
    [TestCase("""{"title":"T","tags":"a"}""", "tags")]
    [TestCase("""{"title":"T","folderId":"x"}""", "folderId")]
    [TestCase("""{"title":"T","folderId":"0198c0de-0000-7000-8000-00000000000a"}""", "folderId")]
    [TestCase("""{"title":"T","lessons":[{"titel":"L"}]}""", "lessons[0].titel")]
    [TestCase("""{"title":"T","lessons":[{"title":""}]}""", "lessons[0].title")]
    public async Task Create_IsRefused_AndTheFieldNamed(string body, string field)
    {
        var refused = await PostAsync("/api/courses", body);

        Assert.That(refused.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(await refused.Content.ReadAsStringAsync(), Does.Contain($"\"{field}\":["));
    }

    [TestCase("/api/courses/nothing")]
    [TestCase("/api/courses/0198c0de-0000-7000-8000-00000000000a")]
    [TestCase("/api/folders/0198c0de-0000-7000-8000-00000000000a/courses")]
    [TestCase("/api/generation-jobs/0198c0de-0000-7000-8000-00000000000a")]
    [TestCase("/api/documents/0198c0de-0000-7000-8000-00000000000a/chunks")]
    public async Task Get_SaysThatThereIsNone(string path) =>
        Assert.That((await Client.GetAsync(path)).StatusCode, Is.EqualTo(HttpStatusCode.NotFound));

    private async Task<string> CreateAsync(string path, string body)
    {
        var created = await PostAsync(path, body);
        Assert.That(created.StatusCode, Is.EqualTo(HttpStatusCode.Created), await created.Content.ReadAsStringAsync());
        Assert.That(created.Headers.Location, Is.Not.Null);
        return (await JsonAsync(created)).GetProperty("id").GetString()!;
    }

    private async Task<HttpStatusCode> StatusAsync(
        HttpMethod method, string path, string? json = null, string? ifMatch = null) =>
        (await SendAsync(method, path, json, ifMatch)).StatusCode;

    // Every entry there can be is there; gives the version of the first course.
    private async Task<string> WarmAsync()
    {
        foreach (var path in (string[])[
            "/api/library", "/api/folders", $"/api/folders/{folder}/courses", "/api/courses",
            "/api/courses?status=draft",
            "/api/courses?status=published", "/api/courses?status=archived", "/api/courses?tag=moon",
            "/api/courses?tag=sea water",
            "/api/courses?tag=sun", $"/api/courses/{second}"])
        {
            Assert.That((await Client.GetAsync(path)).StatusCode, Is.EqualTo(HttpStatusCode.OK), path);
        }

        return (await Client.GetAsync($"/api/courses/{first}")).Headers.ETag!.ToString();
    }

    private static async Task<string[]> KeysAsync() => [.. (await RedisDump.KeysAsync(Redis)).Where(key =>
        key.StartsWith("course", StringComparison.Ordinal) || key.StartsWith("folder", StringComparison.Ordinal)
            || key.StartsWith("library", StringComparison.Ordinal))];

    private string Named(IEnumerable<string> keys) => string.Join(' ', keys.Distinct()
        .Select(key => key.Replace(first, "1", StringComparison.Ordinal).Replace(second, "2", StringComparison.Ordinal).Replace(folder, "F", StringComparison.Ordinal))
        .Order(StringComparer.Ordinal));
}
