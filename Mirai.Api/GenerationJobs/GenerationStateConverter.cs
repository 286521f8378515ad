using System.Text.Json;
using System.Text.Json.Serialization;
using Mirai.Platform.Generation;

namespace Mirai.Api.GenerationJobs;

/// <summary>States in lower case.</summary>
internal sealed class GenerationStateConverter()
    : JsonStringEnumConverter<GenerationState>(JsonNamingPolicy.CamelCase, allowIntegerValues: false);
