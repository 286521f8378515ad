using System.Globalization;

namespace Mirai.Local.Tests;

/// <summary>Processes whose command line or environment names a run's data folder, or its Redis: the run itself and
/// everything it started.</summary>
internal static class Leftovers
{
    public static int[] Find(string data, int redisPort) => [.. Directory.EnumerateDirectories("/proc")
        .Select(Path.GetFileName)
        .Where(name => int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out _))
        .Where(name => Read(name!, "cmdline") is var command && (command.Contains(data, StringComparison.Ordinal)
            || Read(name!, "environ").Contains(data, StringComparison.Ordinal)
            || command.Contains($"redis-server 127.0.0.1:{redisPort}", StringComparison.Ordinal))) // it writes its title anew
        .Select(name => int.Parse(name!, CultureInfo.InvariantCulture))];

    // A process may end between the listing and the reading.
    private static string Read(string process, string file)
    {
        try
        {
            return File.ReadAllText(Path.Combine("/proc", process, file));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
