using System.Text.Json;
using System.Text.Json.Serialization;

namespace Mirai.Cache.Library;

/// <summary>The library at a glance as the cache holds it.</summary>
public sealed record LibraryIndex
{
    /// <summary>The folders at the top, with theirs inside.</summary>
    public IReadOnlyList<Folder> Folders { get; init; } = [];

    /// <summary>The courses.</summary>
    public IReadOnlyList<Course> Courses { get; init; } = [];

    /// <summary>What other services wrote beside: written back unchanged.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? More { get; set; }
}
