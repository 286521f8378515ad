using System.Text.Json;
using System.Text.Json.Serialization;

namespace Mirai.Platform.Library;

/// <summary>Folders and courses of the library, as the cache holds them.</summary>
public sealed record LibraryIndex
{
    /// <summary>The folders at the top, each with its subfolders.</summary>
    public IReadOnlyList<Folder> Folders { get; init; } = [];

    /// <summary>The courses.</summary>
    public IReadOnlyList<Course> Courses { get; init; } = [];

    /// <summary>Members that other services added; written back unchanged.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? More { get; set; }
}
