namespace Mirai.Cache.Tests;

/// <summary>Something to cache.</summary>
internal sealed record Price(string Currency, decimal Amount);
