using System.Reflection;
using System.Text.RegularExpressions;

namespace Mirai.Architecture.Tests;

/// <summary>The projects of the solution: their sources and their built assemblies.</summary>
internal static partial class SourceTree
{
    /// <summary>The folder of the solution.</summary>
    public static string Root { get; } = Metadata("Root");

    /// <summary>The projects that are not tests, by name: libraries, programs, packages and support.</summary>
    public static IReadOnlyList<Project> Products { get; } =
        [.. ReadSolution().Where(project => !project.Folder.StartsWith("tests/", StringComparison.Ordinal))];

    public static Project Find(string name) => Products.Single(project => project.Name == name);

    private static IEnumerable<Project> ReadSolution() => ProjectLine()
        .Matches(File.ReadAllText(Path.Combine(Root, "Mirai.sln")))
        .Select(line => line.Groups["path"].Value.Replace('\\', '/'))
        .Select(path => new Project(Path.GetFileNameWithoutExtension(path), Path.GetDirectoryName(path)!));

    private static string Metadata(string key) => typeof(SourceTree).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;

    [GeneratedRegex("""= "[^"]+", "(?<path>[^"]+\.csproj)",""")]
    private static partial Regex ProjectLine();

    /// <summary>One project of the solution.</summary>
    /// <param name="Name">The name of the project and of its assembly.</param>
    /// <param name="Folder">Its folder, relative to the solution's.</param>
    internal sealed record Project(string Name, string Folder)
    {
        public string AssemblyPath => Path.Combine(Root, Folder, Metadata("Output"), $"{Name}.dll");

        /// <summary>The sources that people write: neither build output nor migrations.</summary>
        public IEnumerable<string> Sources => Directory
            .EnumerateFiles(Path.Combine(Root, Folder), "*.cs", SearchOption.AllDirectories)
            .Where(file => !Path.GetRelativePath(Root, file).Split(Path.DirectorySeparatorChar)
                .Any(part => part is "bin" or "obj" or "Migrations"));

        public override string ToString() => Name;
    }
}
