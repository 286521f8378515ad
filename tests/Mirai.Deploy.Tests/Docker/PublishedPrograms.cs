using System.Diagnostics;

namespace Mirai.Deploy.Tests.Docker;

/// <summary>The programs as the build stages of the Dockerfiles publish them. The shell steps run here, on the files
/// that an engine would receive.</summary>
internal sealed class PublishedPrograms : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("mirai-deploy-images-");

    private PublishedPrograms()
    {
    }

    public static async Task<PublishedPrograms> BuildAsync(params string[] programs)
    {
        var published = new PublishedPrograms();
        var source = published.folder.CreateSubdirectory("src");
        BuildContext.CopyTo(source.FullName);
        foreach (var program in programs)
        {
            foreach (var step in Dockerfile.Read(program).ShellSteps())
            {
                await RunStepAsync(step, source.FullName, published.FolderOf(program));
            }
        }

        // As in the image, everybody may read and nobody may write.
        await Shell.RunAsync("chmod", "-R", "a+rX,a-w", published.folder.FullName);
        return published;
    }

    /// <summary>The folder that the image has as <c>/app</c>.</summary>
    public string FolderOf(string program) => Path.Combine(folder.FullName, program);

    public void Dispose()
    {
        using var chmod = Process.Start("chmod", ["-R", "u+w", folder.FullName]);
        chmod.WaitForExit();
        folder.Delete(recursive: true);
    }

    private static Task<string> RunStepAsync(string step, string source, string application) =>
        Shell.RunAsync(new ProcessStartInfo("sh", ["-ec", step.Replace("/app", application, StringComparison.Ordinal)])
        {
            WorkingDirectory = source,
        });
}
