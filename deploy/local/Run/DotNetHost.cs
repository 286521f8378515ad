using System.Runtime.InteropServices;

namespace Mirai.Local.Run;

/// <summary>The <c>dotnet</c> that runs this program, which need not be on the PATH.</summary>
internal static class DotNetHost
{
    // <root>/shared/Microsoft.NETCore.App/<version>/
    public static string Executable { get; } = Path.GetFullPath(Path.Combine(
        RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", OperatingSystem.IsWindows()
            ? "dotnet.exe" : "dotnet"));
}
