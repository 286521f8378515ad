namespace Mirai.Cache.Local;

/// <summary>What the first level had heard of a key before it was read: news since then make the read unfit to
/// keep.</summary>
internal readonly record struct LocalTicket(long All, long Own);
