using System.Runtime.CompilerServices;

namespace Mirai.Cache;

/// <summary>How one entry is stored, and how long its factory may take.</summary>
public sealed record CacheEntryOptions
{
    /// <summary>The age from which on an entry is never served, whatever its lifetime.</summary>
    public static readonly TimeSpan LongestLife = TimeSpan.FromHours(24);

    private const int MostTags = 16;

    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan LongestFactory = TimeSpan.FromHours(1);

    internal static CacheEntryOptions Default { get; } = new();

    /// <summary>How long the entry is fresh.</summary>
    /// <value>1 ms to 24 h. Default: <see cref="CacheOptions.TimeToLive"/>.</value>
    public TimeSpan? TimeToLive
    {
        get;
        init => field = value is { } span ? Checked(span, Shortest, LongestLife) : null;
    }

    /// <summary>The share of its lifetime that an entry may lose at random when a factory made it, so that entries
    /// made at the same time do not expire at the same time.</summary>
    /// <value>0 to 0.5. Default: <see cref="CacheOptions.Jitter"/>.</value>
    public double? Jitter
    {
        get;
        init => field = value is null or (>= 0 and <= 0.5)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "Jitter is between 0 and 0.5.");
    }

    /// <summary>How long past its lifetime an entry is served at once while one factory makes the next one in the
    /// background.</summary>
    /// <value>0 to 24 h; it ends when the entry is 24 h old. Default: 0, not at all.</value>
    /// <remarks>The entry stays in Redis that much longer. Services that do not read its member <c>freshUntil</c>
    /// treat it as fresh.</remarks>
    public TimeSpan StaleWhileRevalidate
    {
        get;
        init => field = Checked(value, TimeSpan.Zero, LongestLife);
    }

    /// <summary>How long past its lifetime an entry is served when the factory fails or takes too long.</summary>
    /// <value>0 to 24 h; it ends when the entry is 24 h old. Default: 0, not at all.</value>
    /// <remarks>The entry stays in Redis that much longer. Services that do not read its member <c>freshUntil</c>
    /// treat it as fresh.</remarks>
    public TimeSpan StaleIfError
    {
        get;
        init => field = Checked(value, TimeSpan.Zero, LongestLife);
    }

    /// <summary>How long callers wait before they get a stale entry that <see cref="StaleIfError"/> allows; the
    /// factory goes on, and what it makes is stored.</summary>
    /// <value>1 ms to 1 h. Default: <see langword="null"/>: callers wait until the hard time-out.</value>
    public TimeSpan? FactorySoftTimeout
    {
        get;
        init => field = value is { } span ? Checked(span, Shortest, LongestFactory) : null;
    }

    /// <summary>How long a factory may take. After that its token is cancelled, and callers get a stale entry that
    /// <see cref="StaleIfError"/> allows, or a <see cref="TimeoutException"/>.</summary>
    /// <value>1 ms to 1 h. Default: 30 s.</value>
    public TimeSpan FactoryHardTimeout
    {
        get;
        init => field = Checked(value, Shortest, LongestFactory);
    } = TimeSpan.FromSeconds(30);

    /// <summary>Tags by which the entry can be invalidated together with other entries.</summary>
    /// <value>At most 16; letters, digits, and inside a tag spaces and any of <c>-_.+#&amp;</c>. Default:
    /// none.</value>
    public IReadOnlyList<string> Tags
    {
        get;
        init => field = value is { Count: <= MostTags }
            ? [.. value.Select(CacheKey.CheckTag).Distinct(StringComparer.Ordinal)]
            : throw new ArgumentException($"An entry has at most {MostTags} tags.", nameof(value));
    } = [];

    /// <summary>How long the first level keeps the entry, which is also the longest time that a change by another
    /// service can go unnoticed.</summary>
    /// <value>0 (not at all) to 24 h. Default: <see cref="LocalLevelOptions.TimeToLive"/>.</value>
    public TimeSpan? LocalTimeToLive
    {
        get;
        init => field = value is { } span ? Checked(span, TimeSpan.Zero, LongestLife) : null;
    }

    /// <summary>Whether the entry is read from Redis; the flags of HybridCache can switch that off.</summary>
    internal bool ReadsRedis { get; init; } = true;

    internal bool WritesRedis { get; init; } = true;

    internal bool ReadsLocal { get; init; } = true;

    internal TimeSpan StaleWindow => StaleIfError > StaleWhileRevalidate ? StaleIfError : StaleWhileRevalidate;

    private static TimeSpan Checked(
        TimeSpan value, TimeSpan least, TimeSpan most, [CallerMemberName] string name = "") =>
        value >= least && value <= most
            ? value
            : throw new ArgumentOutOfRangeException(name, value, $"{name} is between {least} and {most}.");
}
