namespace Mirai.Queue.InteropTests.Recordings;

/// <summary>A recorded command line: words, some of them in single quotes.</summary>
internal static class CommandLine
{
    public static string[] Split(string line) =>
    [
        .. line.Split('\'').SelectMany(
            (part, index) => index % 2 == 1 ? [part] : part.Split(' ', StringSplitOptions.RemoveEmptyEntries)),
    ];
}
