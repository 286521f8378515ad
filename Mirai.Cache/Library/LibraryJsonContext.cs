using System.Text.Json;
using System.Text.Json.Serialization;

namespace Mirai.Cache.Library;

/// <summary>What the keys of <see cref="CacheKeys"/> hold: names in camel case, as Go and TypeScript write
/// them.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(LibraryIndex))]
[JsonSerializable(typeof(IReadOnlyList<Folder>))]
[JsonSerializable(typeof(IReadOnlyList<Course>))]
internal sealed partial class LibraryJsonContext : JsonSerializerContext;
