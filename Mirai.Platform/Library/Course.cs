using System.Text.Json;
using System.Text.Json.Serialization;

namespace Mirai.Platform.Library;

/// <summary>A course as the cache holds it.</summary>
/// <param name="Id">The id of the course.</param>
/// <param name="Title">The title.</param>
public sealed record Course(string Id, string Title)
{
    /// <summary>The id of the folder that holds the course, if any.</summary>
    public string? FolderId { get; init; }

    /// <summary>The status, for instance <c>published</c>.</summary>
    public string? Status { get; init; }

    /// <summary>The tags.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>What the course is about.</summary>
    public string? Summary { get; init; }

    /// <summary>The generator that made the course, for instance <c>extractive</c>; <see langword="null"/> when a
    /// person made it.</summary>
    public string? Generator { get; init; }

    /// <summary>Rises with every change. Only in the entry of the course itself, not in lists.</summary>
    public int? Version { get; init; }

    /// <summary>The time of the last change. Only in the entry of the course itself, not in lists.</summary>
    public DateTimeOffset? UpdatedAt { get; init; }

    /// <summary>The lessons, in order. Only in the entry of the course itself, not in lists.</summary>
    public IReadOnlyList<Lesson>? Lessons { get; init; }

    /// <summary>Members that other services added; written back unchanged.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? More { get; set; }
}
