using System.Runtime.InteropServices;

namespace Mirai.Testing;

/// <summary>The signals that child processes of the tests ignore because this process ignores them.</summary>
public static partial class InheritedSignals
{
    private const int Interrupt = 2;
    private const int Quit = 3;

    // The values of SIG_DFL and SIG_IGN, and more room than a sigaction structure takes on Linux or macOS.
    private const nint Default = 0;
    private const nint Ignored = 1;
    private const int ActionSize = 256;

    /// <summary>Stops ignoring SIGINT and SIGQUIT, so that child processes react to Ctrl-C.</summary>
    /// <remarks>A shell starts a background job with both signals ignored, and a child process inherits
    /// that.</remarks>
    public static void Restore()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        RestoreDefault(Interrupt);
        RestoreDefault(Quit);
    }

    private static void RestoreDefault(int signal)
    {
        // The handler is the first field of the structure. A handler of the .NET runtime must stay.
        var action = new byte[ActionSize];
        if (ReadAction(signal, 0, action) == 0 && MemoryMarshal.Read<nint>(action) == Ignored)
        {
            _ = SetHandler(signal, Default);
        }
    }

    [LibraryImport("libc", EntryPoint = "sigaction")]
    private static partial int ReadAction(int signal, nint newAction, byte[] oldAction);

    [LibraryImport("libc", EntryPoint = "signal")]
    private static partial nint SetHandler(int signal, nint handler);
}
