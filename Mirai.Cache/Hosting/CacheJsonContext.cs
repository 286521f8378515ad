using System.Text.Json.Serialization;

namespace Mirai.Cache.Hosting;

/// <summary>A context that the application registered for entries. Wrapped: what it registers for other libraries is
/// not meant.</summary>
internal sealed record CacheJsonContext(JsonSerializerContext Context);
