using System.Globalization;
using System.Numerics;

namespace Mirai.Queue.Scheduler;

/// <summary>One field of a spec: which numbers it allows.</summary>
/// <param name="Numbers">A bit for each number.</param>
/// <param name="IsStar">It has a star without steps, and so does not restrict the days.</param>
internal readonly record struct CronField(ulong Numbers, bool IsStar)
{
    /// <summary>Reads a field as robfig/cron does: a list of <c>*</c>, <c>?</c>, <c>a</c>, <c>a-b</c>, each with or
    /// without <c>/step</c>. Empty items are skipped.</summary>
    /// <exception cref="FormatException">The field is not valid; the message names it.</exception>
    public static CronField Parse(string text, Bounds bounds)
    {
        var field = new CronField(0, IsStar: false);
        foreach (var item in text.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            var (numbers, isStar) = ParseItem(item, bounds);
            field = new CronField(field.Numbers | numbers, field.IsStar | isStar);
        }

        return field;
    }

    /// <summary>The field as Cronos reads it: a plain list.</summary>
    public string ToCronos()
    {
        var numbers = Numbers;
        return string.Join(
            ',', Enumerable.Range(0, BitOperations.Log2(numbers | 1) + 1).Where(n => (numbers >> n & 1) == 1));
    }

    private static CronField ParseItem(string item, Bounds bounds)
    {
        var parts = item.Split('/');
        var ends = parts[0].Split('-');
        var isStar = ends[0] is "*" or "?"; // Go ignores a hyphen after a star, and the rest of the item
        if (parts.Length > 2 || (ends.Length > 2 && !isStar))
        {
            throw Bad(item, bounds, "it has too many slashes or hyphens");
        }

        var step = parts.Length == 1 ? 1 : Number(parts[1], item, bounds with { Names = [] });
        var first = isStar ? bounds.First : Number(ends[0], item, bounds);
        var last = isStar || (ends.Length == 1 && parts.Length == 2) ? bounds.Last
            : ends.Length == 1 ? first
            : Number(ends[1], item, bounds);
        if (first < bounds.First || last > bounds.Last)
        {
            throw Bad(item, bounds, $"it must lie between {bounds.First} and {bounds.Last}");
        }

        if (first > last || step == 0)
        {
            throw Bad(item, bounds, step == 0 ? "its step is 0" : "it ends before it begins");
        }

        return new CronField(Bits(first, last, step), isStar && step == 1);
    }

    private static int Number(string text, string item, Bounds bounds)
    {
        var name = Array.FindIndex(bounds.Names, known => known.Equals(text, StringComparison.OrdinalIgnoreCase));
        if (name >= 0)
        {
            return bounds.First + name;
        }

        const NumberStyles Sign = NumberStyles.AllowLeadingSign;
        return int.TryParse(text, Sign, CultureInfo.InvariantCulture, out var number) && number >= 0
            ? number
            : throw Bad(item, bounds, $"'{text}' is not a number");
    }

    private static ulong Bits(int first, int last, int step)
    {
        var bits = 0UL;
        for (long number = first; number <= last; number += step)
        {
            bits |= 1UL << (int)number;
        }

        return bits;
    }

    private static FormatException Bad(string item, Bounds bounds, string reason) =>
        new($"The {bounds.Field} '{item}' is not valid: {reason}.");

    /// <summary>The numbers that a field may hold.</summary>
    /// <param name="Field">The field's name in error messages.</param>
    /// <param name="First">The least number.</param>
    /// <param name="Last">The greatest number.</param>
    /// <param name="Names">Words for the numbers from the first on.</param>
    internal sealed record Bounds(string Field, int First, int Last, string[] Names)
    {
        /// <summary>The fields of a spec with seconds.</summary>
        public static readonly Bounds[] All =
        [
            new("second", 0, 59, []),
            new("minute", 0, 59, []),
            new("hour", 0, 23, []),
            new("day of month", 1, 31, []),
            new("month", 1, 12, ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]),
            new("day of week", 0, 6, ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]),
        ];
    }
}
