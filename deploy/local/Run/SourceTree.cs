namespace Mirai.Local.Run;

/// <summary>The clone in which this program was built, with the API and the worker beside it.</summary>
internal sealed class SourceTree
{
    private const string Solution = "Mirai.sln";

    private readonly string output;

    private SourceTree(string root, string output)
    {
        Root = root;
        this.output = output;
    }

    /// <summary>The folder of the solution.</summary>
    public string Root { get; }

    public static SourceTree Find()
    {
        var own = AppContext.BaseDirectory;
        for (var folder = new DirectoryInfo(own); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, Solution)))
            {
                // API and worker were built with this program, for the same configuration and framework.
                return new SourceTree(
                    folder.FullName, Path.GetRelativePath(Path.Combine(folder.FullName, "deploy", "local"), own));
            }
        }

        throw new LocalRunException($"No folder above {own} contains {Solution}. Run this program from a clone.");
    }

    /// <summary>The built assembly of a project at the root.</summary>
    public string Assembly(string project) => Path.Combine(Root, project, output, $"{project}.dll");
}
