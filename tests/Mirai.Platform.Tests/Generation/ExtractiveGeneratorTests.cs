using System.Text;
using Mirai.Platform.Documents;
using Mirai.Platform.Extraction;
using Mirai.Platform.Generation;
using Mirai.Platform.Generation.Extractive;

namespace Mirai.Platform.Tests.Generation;

internal sealed class ExtractiveGeneratorTests
{
    private static readonly ExtractiveGenerator Generator = new();

    [Test]
    public async Task Outline_FollowsTheHeadings_BelowASingleTitle()
    {
        var outline = await OutlineAsync("# All\n\n## One\n\nThe sea is very deep here.\n\n### Inner\n\nMore of the " +
            "deep sea.\n\n## Two\n\nThe moon is far away.");

        Assert.That(outline.Title, Is.EqualTo("All"));
        Assert.That(outline.Lessons.Select(lesson => lesson.Title), Is.EqualTo(new[] { "One", "Two" }));
        Assert.That(outline.Lessons.Select(lesson => lesson.Sources), Is.EqualTo(new[] { new[] { 1, 2 }, [3] }));
    }

    [Test]
    public async Task Outline_HasAtMostSoManyLessons_AndLeavesNothingOut()
    {
        var outline = await OutlineAsync(
            string.Concat(Enumerable.Range(1, 10).Select(i => $"## Part {i}\n\nThis is what part {i} says.\n\n")),
            lessons: 3);

        Assert.That(outline.Lessons, Has.Count.EqualTo(3));
        Assert.That(outline.Lessons.SelectMany(lesson => lesson.Sources), Is.EqualTo(Enumerable.Range(1, 10)));
    }

    [Test]
    public async Task Outline_DividesByLength_WhatHasNoHeadings()
    {
        var sentence = string.Join(' ', Enumerable.Repeat("word", 150)) + ".";

        var outline = await OutlineAsync(string.Join("\n\n", Enumerable.Repeat(sentence, 13)));

        Assert.That(outline.Lessons.Select(lesson => lesson.Sources.Count), Is.EqualTo(new[] { 6, 6, 1 }));
        Assert.That(outline.Lessons.Select(lesson => lesson.Title.Length), Is.All.LessThanOrEqualTo(200));
    }

    [Test]
    public async Task Lesson_QuotesTheWeightiestSentences_InTheirOrder()
    {
        var material = Material("## Moon\n\nHere is one thing more. The moon pulls the sea. Nobody knows that. The " +
            "sea follows the moon. It was so late.");

        var lesson = await Generator.LessonAsync(
            new LessonBrief("Course", ["Moon"], "Moon", "", null), material, CancellationToken.None);

        Assert.That(lesson.Body, Does.StartWith("Here").Or.StartWith("The moon pulls the sea."));
        Assert.That(lesson.Body, Does.Contain("The moon pulls the sea.").And.Contain("The sea follows the moon."));
        Assert.That(lesson.Sources, Is.EqualTo(new[] { 1 }));
    }

    [Test]
    public async Task Lesson_QuotesNoDrawingsAndCommands()
    {
        var material = Material(
            "## Moon\n\nThe moon pulls the sea.\n\n│ moon ├───►│ moon and sea moon sea │ × N\n\n$ moon --pull=sea | " +
            "sea > moon && moon");

        var lesson = await Generator.LessonAsync(
            new LessonBrief("Course", ["Moon"], "Moon", "", null), material, CancellationToken.None);

        Assert.That(lesson.Body, Is.EqualTo("The moon pulls the sea."));
        Assert.That(lesson.KeyPoints, Has.All.EqualTo("The moon pulls the sea."));
    }

    [Test]
    public void Within_KeepsPiecesFromBeginningToEnd()
    {
        var material = Material(
            string.Concat(Enumerable.Range(1, 100).Select(i => $"## H{i}\n\n{new string('x', 100)}\n\n")));

        var kept = material.Within(1_000);

        Assert.That(kept.Chunks, Has.Count.EqualTo(10));
        Assert.That(kept.Chunks[0].Label, Is.LessThanOrEqualTo(10));
        Assert.That(kept.Chunks[^1].Label, Is.GreaterThan(90));
        Assert.That(material.Within(10_000), Is.SameAs(material));
        Assert.That(material.Within(10).Chunks, Has.Count.EqualTo(1), "something, however little");
    }

    private static Task<OutlineDraft> OutlineAsync(string markdown, int lessons = 12) =>
        Generator.OutlineAsync(new OutlineBrief(null, null, lessons), Material(markdown), CancellationToken.None);

    private static SourceMaterial Material(string markdown)
    {
        var content = new DocumentContent("notes.md", "text/markdown", Encoding.UTF8.GetBytes(markdown));
        return SourceMaterial.Of(
        [
            new Document
            {
                Id = Guid.Empty,
                Name = content.Name,
                MediaType = content.MediaType,
                Size = content.Bytes.Length,
                State = DocumentState.Ready,
                CreatedAt = DateTimeOffset.UnixEpoch,
                Extraction = DocumentExtractor.Extract(content),
            },
        ]);
    }
}
