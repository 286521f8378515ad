namespace Mirai.Queue.Driver.Commands;

/// <summary>How the program ends.</summary>
internal static class ExitCode
{
    public const int Done = 0;

    /// <summary>Wrong flags or a broken connection: one line on standard error says which.</summary>
    public const int Wrong = 1;

    /// <summary>The operation was refused: duplicate, conflict, not found, wrong state.</summary>
    public const int Refused = 3;
}
