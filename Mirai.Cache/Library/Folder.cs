using System.Text.Json;
using System.Text.Json.Serialization;

namespace Mirai.Cache.Library;

/// <summary>A folder of courses as the cache holds it.</summary>
/// <param name="Id">The folder.</param>
/// <param name="Name">What it is called.</param>
public sealed record Folder(string Id, string Name)
{
    /// <summary>The folders in it.</summary>
    public IReadOnlyList<Folder> Folders { get; init; } = [];

    /// <summary>Rises with every change of the folder itself.</summary>
    public int? Version { get; init; }

    /// <summary>What other services wrote beside: written back unchanged.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? More { get; set; }
}
