namespace Mirai.Deploy.Tests.Kubernetes;

/// <summary>Checks every file by itself, without <c>kubectl</c>.</summary>
internal sealed class ManifestFilesTests
{
    private static readonly string Folder = SourceFiles.Find("deploy", "kubernetes");

    private static IEnumerable<string> Files => Directory
        .EnumerateFiles(Folder, "*.yaml", SearchOption.AllDirectories)
        .Where(file => Path.GetFileName(file) != "kustomization.yaml")
        .Select(file => Path.GetRelativePath(Folder, file)).Order(StringComparer.Ordinal);

    [TestCaseSource(nameof(Files))]
    public void File_HasOnlyPropertiesThatKubernetesKnows(string file)
    {
        var objects = Manifests.Parse(File.ReadAllText(Path.Combine(Folder, file))).Objects;

        Assert.That(objects, Is.Not.Empty);
    }

    [Test]
    public void Parse_RefusesAPropertyThatKubernetesDoesNotKnow()
    {
        var parse = () => Manifests.Parse("""
            apiVersion: v1
            kind: Service
            metadata:
              name: x
            spec:
              port: 6379
            """);

        Assert.That(parse, Throws.Exception.With.Message.Contains("port"));
    }

    [Test]
    public void Files_HoldNoSecret()
    {
        var secrets = Files.Where(file =>
            File.ReadAllText(Path.Combine(Folder, file)).Contains("kind: Secret", StringComparison.Ordinal));

        Assert.That(secrets, Is.Empty);
    }
}
