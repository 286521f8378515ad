namespace Mirai.Queue.Scheduler;

/// <summary>What a field of a spec may hold.</summary>
/// <param name="Field">What people call it.</param>
/// <param name="First">The least number.</param>
/// <param name="Last">The greatest number.</param>
/// <param name="Names">Words for the numbers from the first on.</param>
internal sealed record CronBounds(string Field, int First, int Last, string[] Names)
{
    /// <summary>The fields of a spec with seconds.</summary>
    public static readonly CronBounds[] All =
    [
        new("second", 0, 59, []),
        new("minute", 0, 59, []),
        new("hour", 0, 23, []),
        new("day of month", 1, 31, []),
        new("month", 1, 12, ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]),
        new("day of week", 0, 6, ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]),
    ];
}
