using System.Globalization;

namespace Mirai.Benchmarks.Peer;

/// <summary>Resident memory of this process in MB, as Linux counts it.</summary>
internal static class ProcessMemory
{
    public static double Current() => Read("VmRSS:");

    public static double Peak() => Read("VmHWM:");

    private static double Read(string field)
    {
        const string Status = "/proc/self/status";
        if (!File.Exists(Status))
        {
            return Environment.WorkingSet / 1024d / 1024d;
        }

        var line = File.ReadLines(Status).First(text => text.StartsWith(field, StringComparison.Ordinal));
        var kilobytes = long.Parse(
            line[field.Length..].Replace("kB", "", StringComparison.Ordinal).Trim(), CultureInfo.InvariantCulture);

        return Math.Round(kilobytes / 1024d, 1);
    }
}
