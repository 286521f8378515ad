using Mirai.Queue.Driver.Arguments;
using Mirai.Queue.Legacy;
using StackExchange.Redis;

namespace Mirai.Queue.Driver.Redis;

/// <summary>Where Redis is, by flags that every command has.</summary>
internal static class ConnectionFlags
{
    private const string DefaultAddress = "127.0.0.1:6379";

    public static readonly FlagNames Names = new(
        ["redis", "db", "password", "cluster", "sentinel", "uri", "layout"], []);

    public static ConfigurationOptions Read(Flags flags)
    {
        _ = ReadLayout(flags); // a wrong flag must be known before anything is connected
        flags.Exclude("uri", "redis", "cluster", "sentinel");
        flags.Exclude("uri", "password");
        flags.Exclude("uri", "db");
        flags.Exclude("cluster", "db");
        var options = ReadAddress(flags);
        options.Password = flags.Text("password") ?? options.Password;
        options.DefaultDatabase = flags.Number("db") ?? options.DefaultDatabase;

        return options;
    }

    // What goes with an address, its time limits for instance, is the library's choice: so the library reads them all.
    private static ConfigurationOptions ReadAddress(Flags flags) =>
        flags.Text("sentinel") is { } sentinels
            ? ReadSentinel(sentinels)
            : Parse(flags.Text("uri") ?? flags.Text("cluster") ?? flags.Text("redis") ?? DefaultAddress);

    private static ConfigurationOptions ReadSentinel(string text)
    {
        var comma = text.IndexOf(',');
        return comma > 0
            ? Parse($"redis-sentinel://{text[(comma + 1)..]}?master={Uri.EscapeDataString(text[..comma])}")
            : throw Flags.Wrong("sentinel", text, "the primary's name, then the sentinels, with commas between");
    }

    private static ConfigurationOptions Parse(string address)
    {
        try
        {
            return RedisUrl.Parse(address);
        }
        catch (FormatException exception)
        {
            throw new FlagException(exception.Message);
        }
    }

    /// <summary>The layout to use.</summary>
    public static RedisLayout ReadLayout(Flags flags) => flags.Text("layout") switch
    {
        null or "current" => RedisLayout.Current,
        "legacy" => RedisLayout.Legacy,
        var other => throw Flags.Wrong("layout", other, "current or legacy"),
    };
}
