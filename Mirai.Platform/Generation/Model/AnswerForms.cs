using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Mirai.Platform.Generation.Model;

/// <summary>The answers that Mirai asks the model for.</summary>
internal static class AnswerForms
{
    private const int LongestTitle = 200;
    private const int LongestSummary = 2_000;
    private const int LongestBody = 100_000;
    private const int MostKeyPoints = 20;
    private const int LongestKeyPoint = 1_000;

    private static readonly JsonElement OutlineSchema = Parse("""
        {
          "type": "object",
          "additionalProperties": false,
          "required": ["title", "summary", "lessons"],
          "properties": {
            "title": { "type": "string" },
            "summary": { "type": "string" },
            "lessons": {
              "type": "array",
              "items": {
                "type": "object",
                "additionalProperties": false,
                "required": ["title", "summary", "sources"],
                "properties": {
                  "title": { "type": "string" },
                  "summary": { "type": "string" },
                  "sources": { "type": "array", "items": { "type": "integer" } }
                }
              }
            }
          }
        }
        """);

    private static readonly JsonElement LessonSchema = Parse("""
        {
          "type": "object",
          "additionalProperties": false,
          "required": ["body", "keyPoints", "sources"],
          "properties": {
            "body": { "type": "string" },
            "keyPoints": { "type": "array", "items": { "type": "string" } },
            "sources": { "type": "array", "items": { "type": "integer" } }
          }
        }
        """);

    public static AnswerForm<OutlineDraft> Outline(OutlineBrief brief, SourceMaterial material) => new(
        "course_outline", OutlineSchema, DraftsJson.Default.OutlineDraft,
        draft => Check(draft, brief, LabelsOf(material)));

    public static AnswerForm<LessonDraft> Lesson(SourceMaterial material) => new(
        "lesson", LessonSchema, DraftsJson.Default.LessonDraft, draft => Check(draft, LabelsOf(material)));

    private static IEnumerable<string> Check(OutlineDraft draft, OutlineBrief brief, HashSet<int> labels)
    {
        IEnumerable<string> wrong =
        [
            .. CheckText("title", draft.Title, LongestTitle), .. CheckText("summary", draft.Summary, LongestSummary),
            .. CheckCount("lessons", draft.Lessons.Count, brief.Lessons),
        ];

        return wrong.Concat(draft.Lessons.SelectMany((lesson, index) =>
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"lessons[{index}]");
            return (IEnumerable<string>)
            [
                .. CheckText($"{name}.title", lesson.Title, LongestTitle),
                .. CheckText($"{name}.summary", lesson.Summary, LongestSummary),
                .. CheckSources($"{name}.sources", lesson.Sources, labels),
            ];
        }));
    }

    private static IEnumerable<string> Check(LessonDraft draft, HashSet<int> labels) =>
    [
        .. CheckText("body", draft.Body, LongestBody),
        .. CheckCount("keyPoints", draft.KeyPoints.Count, MostKeyPoints),
        .. draft.KeyPoints.SelectMany(point => CheckText("keyPoints", point, LongestKeyPoint)),
        .. CheckSources("sources", draft.Sources, labels),
    ];

    private static IEnumerable<string> CheckText(string name, string? text, int longest)
    {
        if (string.IsNullOrWhiteSpace(text) || text.Length > longest || text.Contains('\0', StringComparison.Ordinal))
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{name} must have 1 to {longest} characters");
        }
    }

    private static IEnumerable<string> CheckCount(string name, int count, int most)
    {
        if (count < 1 || count > most)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture, $"{name} must have 1 to {most} items, and has {count}");
        }
    }

    private static IEnumerable<string> CheckSources(string name, IReadOnlyList<int> sources, HashSet<int> labels)
    {
        if (sources.Count == 0)
        {
            yield return $"{name} must name at least one source";
        }

        foreach (var unknown in sources.Where(source => !labels.Contains(source)).Distinct())
        {
            yield return string.Create(
                CultureInfo.InvariantCulture, $"{name}: there is no source with the id {unknown}");
        }
    }

    private static HashSet<int> LabelsOf(SourceMaterial material) => [.. material.Chunks.Select(chunk => chunk.Label)];

    private static JsonElement Parse(string schema)
    {
        using var document = JsonDocument.Parse(schema);
        return document.RootElement.Clone();
    }
}

/// <summary>The form of an answer.</summary>
/// <typeparam name="T">The type of the answer.</typeparam>
/// <param name="Name">The name of the schema.</param>
/// <param name="Schema">The JSON schema that the model receives.</param>
/// <param name="Type">How the answer is deserialized.</param>
/// <param name="Check">Finds the errors that the schema cannot exclude.</param>
internal sealed record AnswerForm<T>(
    string Name, JsonElement Schema, JsonTypeInfo<T> Type, Func<T, IEnumerable<string>> Check);

/// <summary>Deserializes answers of the model. Every member is required, and none may be null.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(OutlineDraft))]
[JsonSerializable(typeof(LessonDraft))]
internal sealed partial class DraftsJson : JsonSerializerContext;
