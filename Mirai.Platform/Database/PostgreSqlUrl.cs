using Npgsql;

namespace Mirai.Platform.Database;

/// <summary>Parses the form of address that PostgreSQL hosters use:
/// <c>postgres://user:password@host:5432/database?sslmode=require</c>.</summary>
internal static class PostgreSqlUrl
{
    private const int DefaultPort = 5432;

    // The names that differ between libpq and Npgsql.
    private static readonly Dictionary<string, string> Names = new()
    {
        ["connect_timeout"] = "Timeout",
        ["sslcert"] = "SSL Certificate",
        ["sslkey"] = "SSL Key",
        ["sslmode"] = "SSL Mode",
        ["sslrootcert"] = "Root Certificate",
    };

    public static bool IsUrl(string text) =>
        text.StartsWith("postgres://", StringComparison.OrdinalIgnoreCase)
        || text.StartsWith("postgresql://", StringComparison.OrdinalIgnoreCase);

    /// <exception cref="FormatException">The address is not valid. The message names the wrong part, and never the
    /// password.</exception>
    public static string ToConnectionString(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Host.Length == 0)
        {
            throw new FormatException("This is not an address such as postgres://user:password@host:5432/database.");
        }

        var parts = new NpgsqlConnectionStringBuilder
        {
            Host = url.Host.Trim('[', ']'),
            Port = url.Port > 0 ? url.Port : DefaultPort,
            Database = Uri.UnescapeDataString(url.AbsolutePath.Trim('/')),
        };
        var user = url.UserInfo.Split(':', 2);
        parts.Username = user[0].Length > 0 ? Uri.UnescapeDataString(user[0]) : null;
        parts.Password = user.Length > 1 ? Uri.UnescapeDataString(user[1]) : null;
        foreach (var parameter in url.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            Set(parts, parameter.Split('=', 2));
        }

        return parts.ConnectionString;
    }

    private static void Set(NpgsqlConnectionStringBuilder parts, string[] parameter)
    {
        var name = Uri.UnescapeDataString(parameter[0]);
        var value = parameter.Length > 1 ? Uri.UnescapeDataString(parameter[1]) : "";
        try
        {
            // "verify-full" of libpq is "VerifyFull" of Npgsql.
            parts[Names.GetValueOrDefault(name) ?? name.Replace('_', ' ')] =
                name == "sslmode" ? value.Replace("-", "", StringComparison.Ordinal) : value;
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException)
        {
            throw new FormatException($"The parameter \"{name}\" of the address is not known, or its value is wrong.");
        }
    }
}
