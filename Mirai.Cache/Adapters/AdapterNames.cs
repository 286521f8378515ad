using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Mirai.Cache.Adapters;

/// <summary>Names that come through the framework's interfaces may be anything: they are put into words that Mirai's
/// keys and tags allow. Different names stay different.</summary>
internal static class AdapterNames
{
    private const int LongestReadable = 384;

    /// <summary>A key behind a prefix: letters, digits and <c>-_.:/@</c> as they are, other bytes as
    /// <c>%XX</c>.</summary>
    public static string Key(string prefix, string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        var name = new StringBuilder(prefix);
        foreach (var letter in Encoding.UTF8.GetBytes(key))
        {
            if (char.IsAsciiLetterOrDigit((char)letter) || "-_.:/@".Contains((char)letter))
            {
                name.Append((char)letter);
            }
            else
            {
                name.Append(CultureInfo.InvariantCulture, $"%{letter:X2}");
            }
        }

        // A per cent sign is never followed by letters in a readable name.
        return name.Length <= LongestReadable ? name.ToString() : $"{prefix}%sha256:{Hash(key)}";
    }

    /// <summary>A tag; one that is none by Mirai's rules goes by its hash.</summary>
    public static string Tag(string tag)
    {
        ArgumentNullException.ThrowIfNull(tag);
        try
        {
            return tag.StartsWith('#') ? Hashed(tag) : KeyName.CheckTag(tag);
        }
        catch (ArgumentException)
        {
            return Hashed(tag);
        }
    }

    private static string Hashed(string tag) => $"#{Hash(tag)}";

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
