using System.Text.Json.Serialization;
using Mirai.Queue;

namespace Mirai.Platform.Outbox;

/// <summary>A task's options as the outbox keeps them.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(EnqueueOptions))]
internal sealed partial class OutboxJson : JsonSerializerContext;
