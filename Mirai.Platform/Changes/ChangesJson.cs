using System.Text.Json;
using System.Text.Json.Serialization;

namespace Mirai.Platform.Changes;

/// <summary>Changes as they travel through Redis.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Change))]
internal sealed partial class ChangesJson : JsonSerializerContext;
