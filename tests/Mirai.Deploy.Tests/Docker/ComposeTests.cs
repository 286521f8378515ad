using YamlDotNet.Serialization;

namespace Mirai.Deploy.Tests.Docker;

/// <summary>Checks <c>docker-compose.yml</c>.</summary>
internal sealed class ComposeTests
{
    private static readonly Dictionary<object, object> Services = (Dictionary<object, object>)new DeserializerBuilder().Build()
        .Deserialize<Dictionary<string, object>>(File.ReadAllText(SourceFiles.Find("docker-compose.yml")))["services"];

    [Test]
    public void Redis_IsTheOneOfKubernetes()
    {
        var redis = Service("redis");

        Assert.That(redis["image"], Is.EqualTo("redis:7-alpine"));
        Assert.That(redis["container_name"], Is.EqualTo("mirai-redis"));
        Assert.That(
            redis["command"], Is.EqualTo(new[] { "sh", "/etc/redis/start.sh", "redis.conf", "--dir", "/data" }));
        Assert.That(redis["volumes"], Has.Member("./deploy/redis:/etc/redis:ro"));
        Assert.That(redis["ports"], Is.EqualTo(new[] { "127.0.0.1:6379:6379" }));
        Assert.That((redis["user"], redis["mem_limit"], redis["read_only"]), Is.EqualTo(("999:1000", "512m", "true")));
    }

    // Two containers cannot share a name or a port of this machine.
    [Test]
    public void Worker_CanBeScaled()
    {
        var worker = Service("worker");

        Assert.That(worker.Keys, Has.No.Member("container_name").And.No.Member("ports"));
    }

    [TestCase("api")]
    [TestCase("worker")]
    public void Program_IsBuiltHere_AndMayDoNoMoreThanItNeeds(string name)
    {
        var program = Service(name);
        var build = (Dictionary<object, object>)program["build"];

        Assert.That(build["context"], Is.EqualTo("."));
        Assert.That(SourceFiles.Find((string)build["dockerfile"]), Does.Exist);
        Assert.That(program["read_only"], Is.EqualTo("true"));
        Assert.That(program["cap_drop"], Is.EqualTo(new[] { "ALL" }));
        Assert.That(program["security_opt"], Is.EqualTo(new[] { "no-new-privileges:true" }));
    }

    [Test]
    public void Ports_AreThisMachinesOwn()
    {
        var ports = Services.Keys.SelectMany(name =>
            Service((string)name).TryGetValue("ports", out var all) ? (List<object>)all : []);

        Assert.That(ports, Is.Not.Empty.And.All.StartsWith("127.0.0.1:"));
    }

    // "environment" wins over every file: a name there would overrule DOTNET_ENVIRONMENT=Production in api.env.
    [TestCase("api")]
    [TestCase("worker")]
    public void Environment_IsDevelopment_UnlessAFileOfTheOperatorNamesAnother(string name)
    {
        var program = Service(name);
        var files = ((List<object>)program["env_file"])
            .Select(file => file as string ?? (string)((Dictionary<object, object>)file)["path"]);
        var defaults = File.ReadAllLines(SourceFiles.Find("deploy", "docker", "development.env"));

        Assert.That(files, Is.EqualTo(new[] { "deploy/docker/development.env", $"{name}.env" }));
        Assert.That(defaults, Has.Member("DOTNET_ENVIRONMENT=${MIRAI_ENVIRONMENT:-Development}"));
        Assert.That(
            ((Dictionary<object, object>)program["environment"]).Keys,
            Has.None.EndsWith("_ENVIRONMENT").And.None.StartsWith("Security__"));
    }

    // The passwords in the addresses are those of the users.
    [TestCase("admin")]
    [TestCase("mirai-api")]
    [TestCase("mirai-worker")]
    [TestCase("mirai-reader")]
    [TestCase("mirai-keda")]
    public void Password_IsThatOfTheAddresses(string user) =>
        Assert.That(
            File.ReadAllText(SourceFiles.Find("deploy", "redis", "development", user)), Is.EqualTo("development\n"));

    private static Dictionary<object, object> Service(string name) => (Dictionary<object, object>)Services[name];
}
