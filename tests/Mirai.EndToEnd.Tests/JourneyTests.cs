using System.Net;

namespace Mirai.EndToEnd.Tests;

/// <summary>From a document to a course that is read, over HTTP.</summary>
internal sealed class JourneyTests : EndToEndTest
{
    [Test]
    public async Task Course_IsMadeByTheModel_AndReadFromTheCache()
    {
        var document = await UploadAsync(Tides);
        var outline = await UntilAsync(await AskAsync($$"""{"kind":"outline","documents":["{{document}}"]}"""), "succeeded");
        var courseUrl = outline.GetProperty("courseUrl").GetString()!;
        var courseId = outline.GetProperty("courseId").GetString()!;
        Assert.That(outline.GetProperty("generator").GetString(), Is.EqualTo("model:test-model"));

        var planned = await GetAsync(courseUrl);
        Assert.That(Texts(planned.GetProperty("lessons"), "title"), Is.EqualTo(new[] { "The pull", "Two bulges" }));
        Assert.That(planned.GetProperty("lessons")[0].TryGetProperty("body", out _), Is.False);

        var lessons = await UntilAsync(await AskAsync($$"""{"kind":"lessons","courseId":"{{courseId}}"}"""), "succeeded");
        Assert.That(lessons.GetProperty("progress").GetInt32(), Is.EqualTo(100));

        var first = await Client.GetAsync(courseUrl);
        var course = await JsonAsync(first);
        Assert.That(course.GetProperty("title").GetString(), Is.EqualTo("All about tides"));
        Assert.That(
            Texts(course.GetProperty("lessons"), "body"),
            Is.EqualTo(new[] { "What sources 1 say.", "What sources 2 and 3 say." }));
        Assert.That(
            course.GetProperty("lessons")[1].GetProperty("sources")[0].GetProperty("heading")
                .GetString(), Is.EqualTo("Why two a day"));

        var second = await SendAsync(HttpMethod.Get, courseUrl, ifNoneMatch: first.Headers.ETag!.ToString());
        Assert.That(second.StatusCode, Is.EqualTo(HttpStatusCode.NotModified));
        Assert.That(await Redis.KeyExistsAsync($"course:{courseId}"), Is.True, "read from the cache");
        Assert.That(Model.Faults, Is.Empty);
        Assert.That(Model.Questions, Has.Count.EqualTo(3));
    }

    [Test]
    public async Task Job_WaitsForItsDocument()
    {
        var response = await Client.PostAsync(
            "/api/documents?name=a.txt", new StringContent("The moon pulls the sea towards itself."));
        var id = (await JsonAsync(response)).GetProperty("id").GetString();

        var job = await AskAsync($$"""{"kind":"outline","documents":["{{id}}"],"title":"Mine"}""");
        await UntilAsync($"/api/documents/{id}", "ready");
        await PollAsync("ai:generation:poll");

        await UntilAsync(job, "succeeded");
    }

    [Test]
    public async Task Job_Fails_WhenItsDocumentCannotBeRead()
    {
        var response = await Client.PostAsync(
            "/api/documents?name=a.txt",
            new ByteArrayContent([0xff, 0xff]) { Headers = { ContentType = new("text/plain") } });
        var id = (await JsonAsync(response)).GetProperty("id").GetString();
        await UntilAsync($"/api/documents/{id}", "failed");

        var refused = await PostAsync("/api/generation-jobs", $$"""{"kind":"outline","documents":["{{id}}"]}""");

        Assert.That(refused.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(
            await refused.Content.ReadAsStringAsync(), Does.Contain("\"documents\"").And.Contain("could not be read"));
    }

    [TestCase("""{"kind":"poem","documents":[]}""", "kind")]
    [TestCase("""{"kind":"outline","documents":[]}""", "documents")]
    [TestCase("""{"kind":"outline","documents":["x"]}""", "documents")]
    [TestCase("""{"kind":"outline","documents":["0198c0de-0000-7000-8000-00000000000a"]}""", "documents")]
    [TestCase("""{"kind":"lessons"}""", "courseId")]
    [TestCase("""{"kind":"lessons","courseId":"0198c0de-0000-7000-8000-00000000000a"}""", "courseId")]
    [TestCase("""{"kind":"outline","color":"red"}""", "color")]
    public async Task Job_IsRefused_AndTheFieldNamed(string body, string field)
    {
        var refused = await PostAsync("/api/generation-jobs", body);

        Assert.That(refused.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(await refused.Content.ReadAsStringAsync(), Does.Contain($"\"{field}\":["));
    }
}
