namespace Mirai.Deploy.Tests.Docker;

/// <summary>Checks the Dockerfiles and the files that the engine receives.</summary>
internal sealed class ImageTests
{
    private static readonly string[] Programs = ["api", "worker"];

    [TestCaseSource(nameof(Programs))]
    public void Image_HasNoShellAndRunsAsNobodySpecial(string program)
    {
        var image = Dockerfile.Read(program);

        Assert.That(image.Find("FROM"), Is.EqualTo("mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled-extra"));
        Assert.That(image.Find("USER"), Is.EqualTo("1654"), "a number: runAsNonRoot does not look names up");
        Assert.That(
            image.Find("ENTRYPOINT"), Does.StartWith("[\"dotnet\", "), "there is no shell to run another form");
        Assert.That(image.Runtime.Select(instruction => instruction.Name), Has.No.Member("RUN"));
    }

    [TestCaseSource(nameof(Programs))]
    public void Image_IsBuiltInStages(string program)
    {
        var stages = Dockerfile.Read(program).Instructions.Where(instruction => instruction.Name == "FROM").ToList();

        Assert.That(stages, Has.Count.EqualTo(2));
        Assert.That(stages[0].Arguments, Does.Contain("/dotnet/sdk:10.0-noble AS build"));
        Assert.That(Dockerfile.Read(program).Find("COPY"), Is.EqualTo("--from=build /app ."));
    }

    [Test]
    public void Context_HoldsTheProgramsAndNothingThatABuildLeftBehind()
    {
        var files = BuildContext.Files();

        Assert.That(files, Is.SupersetOf(new[]
        {
            "Mirai.Api/Program.cs", "Mirai.Worker/Program.cs", "Mirai.Queue/README.md", "Directory.Packages.props",
            "global.json", ".editorconfig", "support/Mirai.Redis/Mirai.Redis.csproj",
            "packages/Mirai.Queue.Legacy/Mirai.Queue.Legacy.csproj",
        }));
        Assert.That(files.Where(file => file.Contains("/bin/") || file.Contains("/obj/")), Is.Empty);
        Assert.That(files, Has.No.Member("docker-compose.yml").And.No.Member("Mirai.sln"));
        Assert.That(files.Where(file => file.StartsWith("deploy/", StringComparison.Ordinal)), Is.Empty);
    }
}
