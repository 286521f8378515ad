using System.Runtime.InteropServices;

namespace Mirai.Local.Redis;

/// <summary>Sends signals to a process. Windows has no signals: there, a process receives Ctrl-C from its console or
/// is killed.</summary>
public static partial class UnixSignal
{
    public const int Interrupt = 2;
    public const int Kill = 9;
    public const int Terminate = 15;

    // These signals have other numbers on macOS.
    public static readonly int Continue = OperatingSystem.IsMacOS() ? 19 : 18;
    public static readonly int Stop = OperatingSystem.IsMacOS() ? 17 : 19;
    public static readonly int TerminalStop = OperatingSystem.IsMacOS() ? 18 : 20;

    /// <summary>Sends a signal. Does nothing when the process has ended.</summary>
    public static void Send(int processId, int signal)
    {
        if (!OperatingSystem.IsWindows())
        {
            _ = SendSignal(processId, signal);
        }
    }

    // A minimal image has no "kill" program.
    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int processId, int signal);
}
