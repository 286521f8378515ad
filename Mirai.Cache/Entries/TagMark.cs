namespace Mirai.Cache.Entries;

/// <summary>A tag of an entry.</summary>
/// <param name="Tag">The tag.</param>
/// <param name="Mark">The tag's mark when the entry's data were still unread: another one now means that the tag was
/// invalidated since.</param>
internal readonly record struct TagMark(string Tag, string Mark);
