using System.Text.Json;
using System.Text.Json.Serialization;

namespace Mirai.Platform.Library;

/// <summary>A folder of courses as the cache holds it.</summary>
/// <param name="Id">The id of the folder.</param>
/// <param name="Name">The name.</param>
public sealed record Folder(string Id, string Name)
{
    /// <summary>The subfolders.</summary>
    public IReadOnlyList<Folder> Folders { get; init; } = [];

    /// <summary>Rises with every change of the folder itself.</summary>
    public int? Version { get; init; }

    /// <summary>Members that other services added; written back unchanged.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? More { get; set; }
}
