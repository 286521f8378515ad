using System.Buffers;
using System.Globalization;

namespace Mirai.Queue;

/// <summary>Durations as Go writes them (<c>1h30m</c>, <c>1.5s</c>, <c>100ms</c>), which is how Asynq's tools and
/// configuration spell them.</summary>
public static class GoDuration
{
    private const long NanosecondsPerTick = 100;

    // Go counts nanoseconds in 64 bits, and like every signed number they reach one further below zero.
    private const decimal MostTicks = (decimal)long.MaxValue / NanosecondsPerTick;
    private const decimal MostTicksBelowZero = MostTicks + 0.01m;

    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789.");

    private static readonly (string Name, decimal Ticks)[] Units =
    [
        ("ns", 0.01m),
        ("us", TimeSpan.TicksPerMicrosecond),
        ("\u00b5s", TimeSpan.TicksPerMicrosecond), // the micro sign
        ("\u03bcs", TimeSpan.TicksPerMicrosecond), // the Greek letter mu
        ("ms", TimeSpan.TicksPerMillisecond),
        ("s", TimeSpan.TicksPerSecond),
        ("m", TimeSpan.TicksPerMinute),
        ("h", TimeSpan.TicksPerHour),
    ];

    /// <summary>Reads a duration.</summary>
    /// <param name="text">A sign, then decimal numbers with a unit each (ns, us or µs, ms, s, m, h), or plain
    /// 0.</param>
    /// <param name="duration">The duration, cut to 100 ns.</param>
    /// <returns><see langword="false"/> when the text is no duration, or is longer than Go's 292 years.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out TimeSpan duration)
    {
        duration = default;
        var negative = text.StartsWith("-");
        var rest = negative || text.StartsWith("+") ? text[1..] : text;
        if (rest is "0")
        {
            return true;
        }

        decimal ticks = 0;
        do
        {
            if (!TryReadPart(ref rest, ref ticks) || ticks > (negative ? MostTicksBelowZero : MostTicks))
            {
                return false;
            }
        }
        while (!rest.IsEmpty);

        duration = TimeSpan.FromTicks((long)(negative ? -ticks : ticks));
        return true;
    }

    /// <summary>Writes a duration as Go does: hours, minutes and seconds without leading zero units, or one smaller
    /// unit.</summary>
    /// <param name="duration">The duration.</param>
    /// <returns>For instance <c>1h30m0s</c>, <c>1.5s</c>, <c>100ms</c>, <c>0s</c>.</returns>
    public static string Format(TimeSpan duration) => FormatNanoseconds((Int128)duration.Ticks * NanosecondsPerTick);

    internal static string FormatNanoseconds(Int128 nanoseconds)
    {
        if (nanoseconds < 0)
        {
            return "-" + FormatNanoseconds(-nanoseconds);
        }

        return (long)Int128.Min(nanoseconds, long.MaxValue) switch
        {
            0 => "0s",
            < 1_000 => $"{nanoseconds}ns",
            < 1_000_000 => $"{Fraction(nanoseconds, 1_000)}µs",
            < 1_000_000_000 => $"{Fraction(nanoseconds, 1_000_000)}ms",
            < 60_000_000_000 => $"{Fraction(nanoseconds, 1_000_000_000)}s",
            < 3_600_000_000_000 => $"{nanoseconds / 60_000_000_000}m{Seconds(nanoseconds)}s",
            _ => $"{nanoseconds / 3_600_000_000_000}h{nanoseconds / 60_000_000_000 % 60}m{Seconds(nanoseconds)}s",
        };
    }

    private static string Seconds(Int128 nanoseconds) => Fraction(nanoseconds % 60_000_000_000, 1_000_000_000);

    private static string Fraction(Int128 value, int unit) =>
        ((decimal)value / unit).ToString("0.#########", CultureInfo.InvariantCulture);

    private static bool TryReadPart(ref ReadOnlySpan<char> rest, ref decimal ticks)
    {
        var digits = rest.IndexOfAnyExcept(Digits);
        if (digits <= 0 || digits > 20 ||
            !decimal.TryParse(
                rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
        {
            return false;
        }

        rest = rest[digits..];
        var length = rest.IndexOfAny(Digits);
        var name = length < 0 ? rest : rest[..length];
        rest = rest[name.Length..];
        foreach (var unit in Units)
        {
            if (name.SequenceEqual(unit.Name))
            {
                // Compared before it is multiplied, which may be too much for a decimal.
                var fits = number <= MostTicksBelowZero / unit.Ticks;
                ticks += fits ? number * unit.Ticks : 0;
                return fits;
            }
        }

        return false;
    }
}
