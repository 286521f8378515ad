using System.Globalization;
using Mirai.Local.Redis;

namespace Mirai.Local.Tests;

/// <summary>The processes of a one-command run: the run itself, Redis, API and worker.</summary>
internal static class Leftovers
{
    /// <summary>Finds the processes whose command line or environment names the data folder or the port of
    /// Redis.</summary>
    public static int[] Find(string data, int redisPort) => [.. Directory.EnumerateDirectories("/proc")
        .Select(Path.GetFileName)
        .Where(name => int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out _))
        .Where(name => Read(name!, "cmdline") is var command && (command.Contains(data, StringComparison.Ordinal)
            || Read(name!, "environ").Contains(data, StringComparison.Ordinal)
            || command.Contains($"redis-server 127.0.0.1:{redisPort}", StringComparison.Ordinal))) // Redis replaces its command line
        .Select(name => int.Parse(name!, CultureInfo.InvariantCulture))];

    /// <summary>Kills what a failed test leaves behind.</summary>
    public static void Kill(string data, int redisPort)
    {
        foreach (var id in Find(data, redisPort))
        {
            UnixSignal.Send(id, UnixSignal.Kill);
        }
    }

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
