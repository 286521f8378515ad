using System.Text.Json;
using System.Text.Json.Serialization;

namespace Mirai.Platform.Generation.Model;

/// <summary>Reads a model's answers: every member must be there, and none may be null.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(OutlineDraft))]
[JsonSerializable(typeof(LessonDraft))]
internal sealed partial class DraftsJson : JsonSerializerContext;
