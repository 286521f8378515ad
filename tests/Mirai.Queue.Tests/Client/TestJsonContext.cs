using System.Text.Json.Serialization;

namespace Mirai.Queue.Tests.Client;

[QueueTask("mail:welcome", Queue = "mail", MaxRetry = 4, TimeoutSeconds = 20)]
internal sealed record Welcome(int UserId, string Name);

[QueueTask("mail:unregistered")]
internal sealed record Unregistered;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(Welcome))]
internal sealed partial class TestJsonContext : JsonSerializerContext;
