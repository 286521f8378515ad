using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Mirai.Cache.Adapters;

/// <summary>Turns the names of the framework's interfaces, which may hold any characters, into keys and tags that
/// Mirai allows. Different names stay different.</summary>
internal static class AdapterNames
{
    private const int LongestReadable = 384;

    /// <summary>Makes a key with a prefix: letters, digits and <c>-_.:/@</c> stay, other bytes become
    /// <c>%XX</c>.</summary>
    public static string Key(string prefix, string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        var name = new StringBuilder(prefix);
        foreach (var octet in Encoding.UTF8.GetBytes(key))
        {
            if (char.IsAsciiLetterOrDigit((char)octet) || "-_.:/@".Contains((char)octet))
            {
                name.Append((char)octet);
            }
            else
            {
                name.Append(CultureInfo.InvariantCulture, $"%{octet:X2}");
            }
        }

        // No other name begins like this: the escapes above have two hex digits after the per cent sign.
        return name.Length <= LongestReadable ? name.ToString() : $"{prefix}%sha256:{Hash(key)}";
    }

    /// <summary>Makes a tag: a name that Mirai does not allow as a tag is replaced by its hash.</summary>
    public static string Tag(string tag)
    {
        ArgumentNullException.ThrowIfNull(tag);
        try
        {
            return tag.StartsWith('#') ? Hashed(tag) : CacheKey.CheckTag(tag);
        }
        catch (ArgumentException)
        {
            return Hashed(tag);
        }
    }

    private static string Hashed(string tag) => $"#{Hash(tag)}";

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
