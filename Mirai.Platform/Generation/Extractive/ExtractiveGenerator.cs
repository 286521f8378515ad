using System.Globalization;
using System.Text;

namespace Mirai.Platform.Generation.Extractive;

/// <summary>Makes courses without a model: the headings of the documents become lessons, and their most significant
/// sentences become the text. The generator adds no words of its own.</summary>
internal sealed class ExtractiveGenerator : ICourseGenerator
{
    private const int LongestTitle = 200;
    private const int LongestSummary = 1_000;
    private const int SentencesOfSection = 8;
    private const int KeyPoints = 5;

    public string Name => "extractive";

    public Task<OutlineDraft> OutlineAsync(
        OutlineBrief brief, SourceMaterial material, CancellationToken cancellationToken)
    {
        var sentences = new Sentences(material.Chunks.Select(chunk => chunk.Text));
        var lessons = LessonParts.Of(material.Chunks, brief.Lessons).Select((part, index) => new LessonPlan(
            TitleOf(part, index), Summary(sentences, part), [.. part.Select(chunk => chunk.Label)]));

        return Task.FromResult(new OutlineDraft(
            Cut(brief.Title ?? material.Title, LongestTitle), Summary(sentences, material.Chunks), [.. lessons]));
    }

    public Task<LessonDraft> LessonAsync(
        LessonBrief brief, SourceMaterial material, CancellationToken cancellationToken)
    {
        var sentences = new Sentences(material.Chunks.Select(chunk => chunk.Text));
        var body = new StringBuilder();
        foreach (var section in material.Chunks.GroupBy(chunk => (chunk.DocumentId, chunk.Place.Section)))
        {
            var heading = section.First().Place.Heading;
            if (heading is not null && heading != brief.Title)
            {
                body.Append(CultureInfo.InvariantCulture, $"## {heading}\n\n");
            }

            body.AppendJoin(' ', Excerpt(sentences, [.. section], SentencesOfSection)).Append("\n\n");
        }

        var points = Excerpt(sentences, material.Chunks, KeyPoints);
        return Task.FromResult(new LessonDraft(
            body.ToString().Trim(), points, [.. material.Chunks.Select(chunk => chunk.Label)]));
    }

    private static string TitleOf(IReadOnlyList<SourceChunk> part, int index) => Cut(
        part[0].Place.Heading
            ?? (index == 0 ? part[0].Document : Sentences.Of(part[0].Text).First()),
        LongestTitle);

    private static string Summary(Sentences sentences, IReadOnlyList<SourceChunk> part) =>
        Cut(string.Join(' ', Excerpt(sentences, part, 2)), LongestSummary);

    // Where no sentence qualifies, the first one represents the part.
    private static IReadOnlyList<string> Excerpt(Sentences sentences, IReadOnlyList<SourceChunk> part, int count) =>
        sentences.Best(string.Join('\n', part.Select(chunk => chunk.Text)), count) is { Count: > 0 } best
            ? best
            : [Cut(Sentences.Of(part[0].Text).First(), LongestSummary)];

    private static string Cut(string text, int length)
    {
        if (text.Length <= length)
        {
            return text;
        }

        var end = text.LastIndexOf(' ', length - 1);
        return $"{text[..(end > 0 ? end : length - 1)]}…";
    }
}
