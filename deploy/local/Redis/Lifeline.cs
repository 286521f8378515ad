using System.Diagnostics;

namespace Mirai.Local.Redis;

/// <summary>Ends a temporary server when this process ends, however it ends: a process that is killed runs no code of
/// its own. A shell waits for the end of a pipe that only this process holds open; then it kills the server and
/// deletes the server's folder.</summary>
/// <remarks>The shell has a session of its own where <c>setsid</c> exists, so that a signal for the terminal or the
/// process group does not end it first. There is no lifeline on Windows. A parent-death signal would need native code
/// in the forked process, and ends with the thread that forked.</remarks>
internal sealed class Lifeline : IDisposable
{
    // $0: the file with the id, $1: the name of the program, $2: the folder. The name tells the server from a process
    // that got the same id later.
    private const string Script = """
        trap '' HUP INT TERM
        while read -r line; do :; done
        if read -r id < "$0" && [ "$(ps -o comm= -p "$id")" = "$1" ]; then kill -9 "$id"; fi
        rm -rf -- "$2"
        """;

    private readonly Process shell;

    private Lifeline(Process shell) => this.shell = shell;

    /// <summary>Ties a server to this process.</summary>
    /// <param name="pidFile">The file in which the server keeps its process id.</param>
    /// <param name="program">The name of the server's program.</param>
    /// <param name="folder">The folder to delete.</param>
    /// <returns><see langword="null"/> on Windows.</returns>
    public static Lifeline? Tie(string pidFile, string program, string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            return null;
        }

        string[] command = ["sh", "-c", Script, pidFile, program, folder];
        command = File.Exists("/usr/bin/setsid") ? ["/usr/bin/setsid", .. command] : command;
        return new Lifeline(Process.Start(new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!);
    }

    /// <summary>Lets the shell end. The server must have ended before.</summary>
    public void Dispose()
    {
        shell.StandardInput.Close();
        shell.WaitForExit();
        shell.Dispose();
    }
}
