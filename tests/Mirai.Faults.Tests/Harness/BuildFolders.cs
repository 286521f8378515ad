using System.Reflection;
using System.Runtime.InteropServices;

namespace Mirai.Faults.Tests.Harness;

/// <summary>Where this build has its sources and programs.</summary>
internal static class BuildFolders
{
    /// <summary>The folder of the solution.</summary>
    public static string Root => Metadata("MiraiRoot");

    /// <summary>The program that runs this test, as a command that takes another one.</summary>
    public static string DotnetHost => Path.GetFullPath(
        Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../..", "dotnet"));

    /// <summary>The assembly of one of Mirai's programs.</summary>
    public static string Program(string name) => Path.Combine(Root, name, Metadata("ProgramFolder"), $"{name}.dll");

    private static string Metadata(string key) => typeof(BuildFolders).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == key).Value!;
}
