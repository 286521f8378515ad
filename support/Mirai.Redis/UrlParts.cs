namespace Mirai.Redis;

/// <summary>The parts of an address behind its scheme. <see cref="Uri"/> does not read addresses with several
/// hosts.</summary>
/// <param name="Authority">Host and port, or several of them.</param>
/// <param name="User">The user, decoded; <see langword="null"/> without a password.</param>
/// <param name="Password">The password, decoded.</param>
/// <param name="Path">The path with its slash, or empty.</param>
/// <param name="Query">The parameters, decoded.</param>
internal sealed record UrlParts(
    string Authority, string? User, string? Password, string Path, IReadOnlyDictionary<string, string> Query)
{
    public static UrlParts Split(string text)
    {
        var (beforeQuery, query) = Cut(text, text.IndexOf('?'));
        var slash = beforeQuery.IndexOf('/');
        var authority = slash < 0 ? beforeQuery : beforeQuery[..slash];
        var path = slash < 0 ? "" : beforeQuery[slash..];
        var (credentials, host) = Cut(authority, authority.LastIndexOf('@'));
        var colon = host is null ? -1 : credentials.IndexOf(':');

        return new UrlParts(
            host ?? authority,
            colon <= 0 ? null : Uri.UnescapeDataString(credentials[..colon]),
            colon < 0 ? null : Uri.UnescapeDataString(credentials[(colon + 1)..]),
            path,
            Parameters(query));
    }

    /// <summary>The host of <c>host:port</c>, <c>[v6]:port</c> or a host alone, without brackets.</summary>
    public static string HostOf(string address)
    {
        if (address.StartsWith('['))
        {
            var end = address.IndexOf(']');
            return end < 0 ? address : address[1..end];
        }

        var colon = address.LastIndexOf(':');
        return colon < 0 ? address : address[..colon];
    }

    private static (string Before, string? After) Cut(string text, int at) =>
        at < 0 ? (text, null) : (text[..at], text[(at + 1)..]);

    private static Dictionary<string, string> Parameters(string? query)
    {
        var parameters = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in (query ?? "").Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, value) = Cut(pair, pair.IndexOf('='));
            parameters[Uri.UnescapeDataString(name)] = Uri.UnescapeDataString(value ?? "");
        }

        return parameters;
    }
}
