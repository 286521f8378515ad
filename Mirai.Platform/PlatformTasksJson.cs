using System.Text.Json;
using System.Text.Json.Serialization;

namespace Mirai.Platform;

/// <summary>The payloads of the platform's tasks as JSON: camelCase names, and a missing field is an error. Producers
/// and workers register it with <c>AddJsonContext(PlatformTasksJson.Default)</c>.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(AiGeneration))]
[JsonSerializable(typeof(AiGenerationPoll))]
[JsonSerializable(typeof(CleanupExpired))]
[JsonSerializable(typeof(SmeIngestion))]
[JsonSerializable(typeof(SmeIngestionPoll))]
[JsonSerializable(typeof(StripeProvision))]
[JsonSerializable(typeof(StripeReconcile))]
public sealed partial class PlatformTasksJson : JsonSerializerContext;
