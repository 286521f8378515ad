using System.Text.Json;
using System.Text.Json.Serialization;
using Mirai.Platform.Generation;

namespace Mirai.Api.GenerationJobs;

/// <summary>Kinds in lower case.</summary>
internal sealed class GenerationKindConverter()
    : JsonStringEnumConverter<GenerationKind>(JsonNamingPolicy.CamelCase, allowIntegerValues: false);
