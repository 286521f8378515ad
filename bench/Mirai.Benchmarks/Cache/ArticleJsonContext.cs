using System.Text.Json.Serialization;

namespace Mirai.Benchmarks.Cache;

[JsonSerializable(typeof(Article))]
internal sealed partial class ArticleJsonContext : JsonSerializerContext;
