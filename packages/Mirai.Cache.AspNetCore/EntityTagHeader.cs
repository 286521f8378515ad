using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Mirai.Cache.AspNetCore;

/// <summary>Reads <c>If-Match</c> and <c>If-None-Match</c>.</summary>
internal static class EntityTagHeader
{
    private const string Any = "*";

    /// <returns>The condition; <see langword="null"/> when the request lacks the header.</returns>
    /// <exception cref="BadHttpRequestException">The header cannot be read: ignoring it would drop the client's
    /// guard.</exception>
    public static CacheCondition? Read(StringValues values, bool isNegated)
    {
        if (values.Count == 0)
        {
            return null;
        }

        var text = values.ToString().Trim();
        if (text == Any)
        {
            return isNegated ? CacheCondition.IsAbsent : CacheCondition.Exists;
        }

        return TryReadList(text, out var etags)
            ? isNegated ? CacheCondition.IfNoneMatch(etags) : CacheCondition.IfMatch(etags)
            : throw new BadHttpRequestException(
                "If-Match and If-None-Match list entity tags, such as W/\"abc\", or are *.");
    }

    // A comma inside the quotes belongs to the tag.
    private static bool TryReadList(string text, [NotNullWhen(true)] out CacheETag[]? etags)
    {
        var found = new List<CacheETag>();
        var start = 0;
        var isQuoted = false;
        etags = null;
        for (var i = 0; i <= text.Length; i++)
        {
            if (i < text.Length && (isQuoted || text[i] != ','))
            {
                isQuoted ^= text[i] == '"';
                continue;
            }

            if (!CacheETag.TryParse(text[start..i].Trim(), out var etag))
            {
                return false;
            }

            found.Add(etag);
            start = i + 1;
        }

        etags = [.. found];
        return true;
    }
}
