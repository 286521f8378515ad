using System.Text.Json;
using System.Text.Json.Serialization;
using Mirai.Platform.Documents;

namespace Mirai.Api.Documents;

/// <summary>States in lower case: <c>ready</c>.</summary>
internal sealed class DocumentStateConverter()
    : JsonStringEnumConverter<DocumentState>(JsonNamingPolicy.CamelCase, allowIntegerValues: false);
