namespace Mirai.Benchmarks.Cache;

/// <summary>What is cached: about 300 bytes of JSON.</summary>
internal sealed record Article(int Id, string Title, string Text, IReadOnlyList<string> Tags)
{
    public static Article Number(int id) => new(id, $"Article {id}", new string('x', 200), ["news", "cache"]);
}
