namespace Mirai.EndToEnd.Tests;

/// <summary>Without a model.</summary>
internal sealed class ExtractiveTests : EndToEndTest
{
    protected override bool HasModel => false;

    [Test]
    public async Task Course_IsPutTogetherFromTheDocument_AndLabelled()
    {
        var document = await UploadAsync(Tides);
        var outline = await UntilAsync(await AskAsync($$"""{"kind":"outline","documents":["{{document}}"]}"""), "succeeded");
        var courseId = outline.GetProperty("courseId").GetString()!;
        await UntilAsync(await AskAsync($$"""{"kind":"lessons","courseId":"{{courseId}}"}"""), "succeeded");

        var course = await GetAsync($"/api/courses/{courseId}");

        Assert.That(course.GetProperty("generator").GetString(), Is.EqualTo("extractive"));
        Assert.That(course.GetProperty("title").GetString(), Is.EqualTo("Tides"));
        Assert.That(
            Texts(course.GetProperty("lessons"), "title"), Is.EqualTo(
                new[] { "Tides", "Why two a day", "Springs and neaps" }));
        Assert.That(Texts(course.GetProperty("lessons"), "generator"), Is.All.EqualTo("extractive"));
        foreach (var body in Texts(course.GetProperty("lessons"), "body"))
        {
            Assert.That(Tides.Contains(body, StringComparison.Ordinal), Is.True, $"no word of its own: {body}");
        }

        Assert.That(Model.Questions, Is.Empty);
    }
}
