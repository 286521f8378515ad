using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Mirai.Cache;

/// <summary>Settings of the cache.</summary>
public sealed class CacheOptions
{
    /// <summary>Whether the cache is switched on. While it is off, every read misses and every write does nothing.
    /// <c>ENABLE_REDIS_CACHE</c> sets it.</summary>
    /// <value>Default: <see langword="true"/>.</value>
    public bool IsEnabled { get; set; } = true;

    /// <summary>The address of Redis: <c>redis://</c>, <c>rediss://</c>, <c>redis-socket://</c>,
    /// <c>redis-sentinel://</c>, or <c>host:port</c>. <c>CACHE_REDIS_URL</c>, or else <c>REDIS_URL</c>, sets it. The
    /// connection is shared with every other library of Mirai that is given exactly the same text, such as
    /// Mirai.Queue.</summary>
    /// <value>Default: <c>localhost:6379</c>.</value>
    [Required]
    public string RedisUrl { get; set; } = "localhost:6379";

    /// <summary>How long an entry is fresh whose <see cref="CacheEntryOptions.TimeToLive"/> is not set.</summary>
    /// <value>1 ms to 24 h. Default: 300 s.</value>
    [TimeSpanRange("00:00:00.001", "1.00:00:00")]
    public TimeSpan TimeToLive { get; set; } = TimeSpan.FromSeconds(300);

    /// <summary>The share of its lifetime that an entry made by a factory may lose at random.</summary>
    /// <value>0 to 0.5. Default: 0.1.</value>
    [Range(0, 0.5)]
    public double Jitter { get; set; } = 0.1;

    /// <summary>How long a caller waits at most for one answer of Redis.</summary>
    /// <value>10 ms to 10 s. Default: 250 ms.</value>
    [TimeSpanRange("00:00:00.01", "00:00:10")]
    public TimeSpan RedisTimeout { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Settings of the first level, inside the process.</summary>
    [ValidateObjectMembers]
    public LocalLevelOptions Local { get; } = new();
}

[OptionsValidator]
internal sealed partial class CacheOptionsValidator : IValidateOptions<CacheOptions>;

/// <summary>Reads the address when the program starts: a wrong address is found before the first use.</summary>
internal sealed class CacheAddressValidator : IValidateOptions<CacheOptions>
{
    public ValidateOptionsResult Validate(string? name, CacheOptions options)
    {
        if (!options.IsEnabled)
        {
            return ValidateOptionsResult.Skip;
        }

        try
        {
            RedisAddress.Parse(options.RedisUrl);
            return ValidateOptionsResult.Success;
        }
        catch (FormatException exception)
        {
            return ValidateOptionsResult.Fail($"RedisUrl (CACHE_REDIS_URL, REDIS_URL): {exception.Message}");
        }
    }
}
