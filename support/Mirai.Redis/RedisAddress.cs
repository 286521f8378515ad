using System.Globalization;
using StackExchange.Redis;

namespace Mirai.Redis;

/// <summary>Reads an address of Redis. The documentation of <c>RedisUrl</c> in Mirai.Queue lists the forms.</summary>
/// <remarks>No error message repeats the address, because the address may hold a password.</remarks>
internal static class RedisAddress
{
    private const int DefaultPort = 6379;
    private const int DefaultSentinelPort = 26379;

    /// <exception cref="FormatException">The address cannot be read; the message says which part.</exception>
    public static ConfigurationOptions Parse(string url)
    {
        ArgumentNullException.ThrowIfNull(url);
        var split = url.IndexOf("://", StringComparison.Ordinal);
        var scheme = split < 0 ? "" : url[..split].ToLowerInvariant();
        var rest = split < 0 ? url : url[(split + 3)..];

        return scheme switch
        {
            "redis" => Single(rest, tls: false),
            "rediss" => Single(rest, tls: true),
            "redis-socket" => Socket(rest),
            "redis-sentinel" => Sentinel(rest),
            "" => Bare(rest),
            _ => throw new FormatException($"Redis address: the scheme '{scheme}' is not supported."),
        };
    }

    private static ConfigurationOptions Bare(string addresses)
    {
        var options = NewOptions();
        AddEndPoints(options, addresses, DefaultPort);

        return options;
    }

    private static ConfigurationOptions Single(string rest, bool tls)
    {
        var parts = UrlParts.Split(rest);
        CheckQuery(parts, "db");
        var options = NewOptions();
        AddEndPoints(options, parts.Authority, DefaultPort);
        options.User = parts.User;
        options.Password = parts.Password;
        options.DefaultDatabase = Database(parts);
        options.Ssl = tls;

        return options;
    }

    private static ConfigurationOptions Socket(string rest)
    {
        var parts = UrlParts.Split(rest);
        if (parts.Path.Length <= 1)
        {
            throw new FormatException("Redis address: a socket needs a path, as in redis-socket:///run/redis.sock.");
        }

        CheckQuery(parts, "db");
        var options = NewOptions();
        options.EndPoints.Add(new System.Net.Sockets.UnixDomainSocketEndPoint(parts.Path));
        options.Password = parts.Password;
        options.DefaultDatabase = DatabaseOfQuery(parts) ?? 0;

        return options;
    }

    private static ConfigurationOptions Sentinel(string rest)
    {
        var parts = UrlParts.Split(rest);
        CheckQuery(parts, "master", "user", "password", "db");
        var options = NewOptions();
        AddEndPoints(options, parts.Authority, DefaultSentinelPort);
        options.ServiceName = parts.Query.GetValueOrDefault("master");
        if (string.IsNullOrEmpty(options.ServiceName))
        {
            throw new FormatException(
                "Redis address: sentinels need the name of their primary, as in ?master=mymaster.");
        }

        options.SentinelUser = parts.User;
        options.SentinelPassword = parts.Password;
        options.User = parts.Query.GetValueOrDefault("user");
        options.Password = parts.Query.GetValueOrDefault("password");
        options.DefaultDatabase = Database(parts);

        return options;
    }

    private static int Database(UrlParts parts)
    {
        int? ofPath = parts.Path.Length == 0
            ? null : Number(parts.Path[1..].Split('/')[0], "the first segment of the path, the database,");
        var ofQuery = DatabaseOfQuery(parts);
        if (ofPath is not null && ofQuery is not null && ofPath != ofQuery)
        {
            throw new FormatException(
                $"Redis address: the path names database {ofPath} and the query parameter 'db' names {ofQuery}.");
        }

        return ofPath ?? ofQuery ?? 0;
    }

    private static int? DatabaseOfQuery(UrlParts parts) =>
        parts.Query.TryGetValue("db", out var db) ? Number(db, "the query parameter 'db'") : null;

    // A parameter that is ignored leads to the wrong database, or to a connection without a time limit.
    private static void CheckQuery(UrlParts parts, params string[] known)
    {
        if (parts.Query.Keys.FirstOrDefault(name => !known.Contains(name, StringComparer.Ordinal)) is { } unknown)
        {
            throw new FormatException(
                $"Redis address: the query parameter '{unknown}' is not known. Known are: {string.Join(", ", known)}.");
        }
    }

    private static int Number(string text, string what) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new FormatException($"Redis address: {what} must be a number.");

    private static void AddEndPoints(ConfigurationOptions options, string addresses, int defaultPort)
    {
        foreach (var address in addresses.Split(','))
        {
            AddEndPoint(options, address, defaultPort);
        }
    }

    private static void AddEndPoint(ConfigurationOptions options, string address, int defaultPort)
    {
        var host = UrlParts.HostOf(address);
        var port = address.Length > host.Length && address.LastIndexOf(':') is var colon && colon >= 0
            && !address.EndsWith(']')
            ? Number(address[(colon + 1)..], "the port")
            : defaultPort;
        if (string.IsNullOrWhiteSpace(host) || port > ushort.MaxValue)
        {
            throw new FormatException("Redis address: a host is missing, or a port is out of range.");
        }

        options.EndPoints.Add(host, port);
    }

    private static ConfigurationOptions NewOptions() => new()
    {
        ClientName = "mirai",
        AbortOnConnectFail = false,

        // INFO is an admin command; its reply says whether Redis may drop tasks.
        AllowAdmin = true,

        // Use no key of the client library: the Redis user may have rights to Mirai's keys only.
        TieBreaker = "",

        // Fail at once while Redis is away: Mirai repeats commands itself, with deadlines of its own.
        BacklogPolicy = BacklogPolicy.FailFast,

        // Redis can stall for seconds (a slow disk, a frozen machine). Wait that long: a command that ran although its
        // caller gave up costs a repetition.
        AsyncTimeout = 10_000,
        ConnectTimeout = 5_000,
        ReconnectRetryPolicy = new ExponentialRetry(deltaBackOffMilliseconds: 100, maxDeltaBackOffMilliseconds: 2_000),
    };
}
