using System.Text.Json;
using System.Text.Json.Serialization;

namespace Mirai.Cache.Library;

/// <summary>A course as the cache holds it.</summary>
/// <param name="Id">The course.</param>
/// <param name="Title">What it is called.</param>
public sealed record Course(string Id, string Title)
{
    /// <summary>The folder it lies in, if any.</summary>
    public string? FolderId { get; init; }

    /// <summary>Its status, for instance <c>published</c>.</summary>
    public string? Status { get; init; }

    /// <summary>Its tags.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>What it is about.</summary>
    public string? Summary { get; init; }

    /// <summary>What made it, for instance <c>extractive</c>; none when a person did.</summary>
    public string? Generator { get; init; }

    /// <summary>Rises with every change. Only in a course's own entry, not in lists.</summary>
    public int? Version { get; init; }

    /// <summary>When it was changed last. Only in a course's own entry, not in lists.</summary>
    public DateTimeOffset? UpdatedAt { get; init; }

    /// <summary>Its lessons, in order. Only in a course's own entry, not in lists.</summary>
    public IReadOnlyList<Lesson>? Lessons { get; init; }

    /// <summary>What other services wrote beside: written back unchanged.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? More { get; set; }
}
