using System.Text.Json;
using System.Text.Json.Serialization;

namespace Mirai.Cache.Library;

/// <summary>A lesson as the cache holds it, in its course.</summary>
/// <param name="Id">The lesson.</param>
/// <param name="Title">What it is called.</param>
public sealed record Lesson(string Id, string Title)
{
    /// <summary>What it teaches.</summary>
    public string? Summary { get; init; }

    /// <summary>Its text, in Markdown; none while it is only planned.</summary>
    public string? Body { get; init; }

    /// <summary>What to remember.</summary>
    public IReadOnlyList<string> KeyPoints { get; init; } = [];

    /// <summary>Where it comes from.</summary>
    public IReadOnlyList<LessonSource> Sources { get; init; } = [];

    /// <summary>What wrote its text, for instance <c>extractive</c>; none when a person did.</summary>
    public string? Generator { get; init; }

    /// <summary>What other services wrote beside: written back unchanged.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? More { get; set; }
}
