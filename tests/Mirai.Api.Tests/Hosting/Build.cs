using System.Reflection;

namespace Mirai.Api.Tests.Hosting;

/// <summary>The build that these tests belong to.</summary>
internal static class Build
{
    /// <summary>The folder of the solution.</summary>
    public static string SourceRoot { get; } = FindSourceRoot();

    /// <summary><c>Debug</c> or <c>Release</c>.</summary>
    public static string Configuration { get; } =
        typeof(Build).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;

    private static string FindSourceRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Mirai.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The tests do not run inside the sources.");
        }

        return folder.FullName;
    }
}
