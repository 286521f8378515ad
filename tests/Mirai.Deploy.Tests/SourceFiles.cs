namespace Mirai.Deploy.Tests;

/// <summary>Finds files in the source tree.</summary>
internal static class SourceFiles
{
    /// <summary>The folder of the solution.</summary>
    public static string Root { get; } = FindRoot();

    public static string Find(params string[] segments) => Path.Combine([Root, .. segments]);

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Mirai.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"No source tree above {AppContext.BaseDirectory}.");
    }
}
