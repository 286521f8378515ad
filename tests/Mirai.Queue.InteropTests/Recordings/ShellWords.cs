namespace Mirai.Queue.InteropTests.Recordings;

/// <summary>A command line as a shell reads it: words, some of them in single quotes.</summary>
internal static class ShellWords
{
    public static string[] Split(string line) =>
    [
        .. line.Split('\'').SelectMany(
            (part, index) => index % 2 == 1 ? [part] : part.Split(' ', StringSplitOptions.RemoveEmptyEntries)),
    ];
}
