using System.Runtime.InteropServices;

namespace Mirai.Local.Redis;

/// <summary>Signals to a process. Windows has none: there a process gets Ctrl-C from its console or is
/// killed.</summary>
public static partial class UnixSignal
{
    public const int Interrupt = 2;
    public const int Terminate = 15;

    // These two have other numbers on macOS.
    public static readonly int Continue = OperatingSystem.IsMacOS() ? 19 : 18;
    public static readonly int Stop = OperatingSystem.IsMacOS() ? 17 : 19;

    /// <summary>Sends one. A process that is gone meanwhile is no error.</summary>
    public static void Send(int processId, int signal)
    {
        if (!OperatingSystem.IsWindows())
        {
            _ = Kill(processId, signal);
        }
    }

    // A minimal image has no kill program.
    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int processId, int signal);
}
