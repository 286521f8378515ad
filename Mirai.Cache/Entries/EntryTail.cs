using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Mirai.Cache.Entries;

/// <summary>Reads version and timestamp from the end of an entry, without its data. change_entry.lua does the same, so
/// that both agree on the version of an entry whose data are damaged.</summary>
internal static partial class EntryTail
{
    /// <summary>The number of bytes at the end of an entry that are enough.</summary>
    public const int Length = 512;

    public static bool TryRead(ReadOnlySpan<byte> entry, [NotNullWhen(true)] out CacheETag? etag, out long timestamp)
    {
        var end = entry.Length > Length ? entry[^Length..] : entry;
        var match = Tail().Match(Encoding.UTF8.GetString(end));
        etag = match.Success ? new CacheETag(match.Groups["tag"].Value, match.Groups["weak"].Success) : null;
        timestamp = match.Success ? long.Parse(match.Groups["timestamp"].ValueSpan, CultureInfo.InvariantCulture) : 0;

        return match.Success;
    }

    // Every writer ends an entry with these members. A match that ends with the entry cannot lie inside the data.
    [GeneratedRegex(
        """[,{]\s*"etag"\s*:\s*"(?<weak>W/)?\\"(?<tag>[^"\\]*)\\""\s*,"""
            + """\s*"timestamp"\s*:\s*(?<timestamp>[0-9]{1,18})\s*,\s*"version"\s*:\s*1\s*}\s*\z""",
        RegexOptions.CultureInvariant)]
    private static partial Regex Tail();
}
