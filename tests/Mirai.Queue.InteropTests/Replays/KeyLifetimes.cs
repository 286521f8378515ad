using System.Globalization;
using Mirai.Queue.InteropTests.Keyspaces;

namespace Mirai.Queue.InteropTests.Replays;

/// <summary>How long keys live, by what two different Redis clocks said. Statistics expire at a time that the writer
/// chose. Everything else expires so many seconds after it was written, whenever that was.</summary>
internal sealed class KeyLifetimes
{
    // A snapshot asks for the clock and for what is left of a key one after the other.
    private const long ReadingError = 20;

    private readonly Dictionary<string, (long ExpiresAt, long Lowest, long Highest)> known = [];

    /// <summary>Whether the key expires at a time and not after one.</summary>
    public static bool IsFixed(StoredKey key) =>
        key.Name.Contains(":processed:", StringComparison.Ordinal)
        || key.Name.Contains(":failed:", StringComparison.Ordinal);

    /// <summary>Learns of a key that, if it is new, was written between two moments, in Unix milliseconds by the clock
    /// of its Redis.</summary>
    public void Observe(StoredKey key, long from, long to)
    {
        if (key.ExpiresAt is { } at && !IsFixed(key)
            && (!known.TryGetValue(key.Name, out var before) || Math.Abs(before.ExpiresAt - at) > ReadingError))
        {
            known[key.Name] = (at, at - to, at - from);
        }
    }

    /// <summary>Learns of a key that the test wrote itself.</summary>
    public void Set(string key, long expiresAt, TimeSpan lifetime)
    {
        var milliseconds = (long)lifetime.TotalMilliseconds;
        known[key] = (expiresAt, milliseconds, milliseconds);
    }

    /// <summary>The lifetime, as the whole number of seconds that it must have been.</summary>
    public TimeSpan Of(StoredKey key)
    {
        var (_, lowest, highest) = known[key.Name];
        return TimeSpan.FromSeconds((long)Math.Round((lowest + highest) / 2_000.0));
    }

    /// <summary>Whether the key may live that long.</summary>
    public bool Allow(StoredKey key, TimeSpan lifetime) =>
        lifetime.TotalMilliseconds >= known[key.Name].Lowest - 1
        && lifetime.TotalMilliseconds <= known[key.Name].Highest + 1;

    public static string Show(TimeSpan lifetime) =>
        string.Create(CultureInfo.InvariantCulture, $"{lifetime.TotalSeconds} s after it was written");

    public static string ShowTime(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds)
        .ToString("yyyy-MM-dd'T'HH:mm:ss.FFF'Z'", CultureInfo.InvariantCulture);
}
