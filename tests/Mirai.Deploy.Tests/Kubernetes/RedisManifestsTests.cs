using k8s.Models;

namespace Mirai.Deploy.Tests.Kubernetes;

/// <summary>The Redis of the base: every value that its operators were promised.</summary>
[RequiresKubectl]
internal sealed class RedisManifestsTests
{
    private Manifests manifests = null!;
    private V1StatefulSet redis = null!;

    private V1PodSpec Pod => redis.Spec.Template.Spec;

    private V1Container Container => Pod.Containers.Single();

    [OneTimeSetUp]
    public async Task RenderAsync()
    {
        manifests = await Manifests.RenderAsync("base");
        redis = manifests.Find<V1StatefulSet>("mirai-redis");
    }

    [Test]
    public void Namespaces_AreMiraiAndRedis_AndAdmitOnlyRestrictedPods()
    {
        var namespaces = manifests.All<V1Namespace>().ToList();

        Assert.That(namespaces.Select(each => each.Name()), Is.EquivalentTo(new[] { "mirai", "redis" }));
        Assert.That(
            namespaces.Select(each => each.Labels()["pod-security.kubernetes.io/enforce"]),
            Is.All.EqualTo("restricted"));
    }

    [Test]
    public void Redis_RunsOnce_FromTheImageOnItsPort()
    {
        Assert.That(redis.Namespace(), Is.EqualTo("redis"));
        Assert.That(redis.Spec.Replicas, Is.EqualTo(1));
        Assert.That(Container.Image, Is.EqualTo("redis:7-alpine"));
        Assert.That(Container.Ports.Single().ContainerPort, Is.EqualTo(6379));
        Assert.That(manifests.Find<V1Service>("mirai-redis").Spec.Ports.Single().Port, Is.EqualTo(6379));
    }

    [Test]
    public void Data_LiesOnNfs()
    {
        var claim = redis.Spec.VolumeClaimTemplates.Single();

        Assert.That(claim.Spec.Resources.Requests["storage"].ToString(), Is.EqualTo("5Gi"));
        Assert.That(Container.VolumeMounts.Single(mount => mount.Name == claim.Name()).MountPath, Is.EqualTo("/data"));
        Assert.That(Container.Args, Is.EqualTo(new[] { "redis.conf", "--dir", "/data" }));
        var storage = manifests.Find<V1StorageClass>(claim.Spec.StorageClassName);
        Assert.That(storage.Provisioner, Is.EqualTo("nfs.csi.k8s.io"));
        Assert.That(storage.ReclaimPolicy, Is.EqualTo("Retain"));
        Assert.That(storage.MountOptions, Has.Member("hard"));
    }

    [Test]
    public void Resources_AreThosePromised()
    {
        Assert.That(Text(Container.Resources.Requests), Is.EqualTo("cpu=100m memory=256Mi"));
        Assert.That(Text(Container.Resources.Limits), Is.EqualTo("cpu=500m memory=512Mi"));
    }

    [Test]
    public void Security_IsThatPromised()
    {
        var own = Container.SecurityContext;

        Assert.That((own.RunAsUser, own.RunAsNonRoot), Is.EqualTo((999L, true)));
        Assert.That((Pod.SecurityContext.RunAsUser, Pod.SecurityContext.RunAsNonRoot), Is.EqualTo((999L, true)));
        Assert.That((own.AllowPrivilegeEscalation, own.Privileged), Is.EqualTo((false, false)));
        Assert.That(own.SeccompProfile.Type, Is.EqualTo("RuntimeDefault"));
        Assert.That(own.Capabilities.Drop, Is.EqualTo(new[] { "ALL" }));
        Assert.That(own.Capabilities.Add, Is.Null.Or.Empty);
    }

    [Test]
    public void Configuration_IsTheFileThatTheTestsFeedToRedis()
    {
        var files = manifests.All<V1ConfigMap>().Single().Data;

        Assert.That(files.Keys, Is.EquivalentTo(new[]
        {
            "redis.conf", "cache.conf", "users.acl", "users.sh", "start.sh", "node.sh", "sentinel.sh",
        }));
        foreach (var (name, text) in files)
        {
            Assert.That(text, Is.EqualTo(File.ReadAllText(SourceFiles.Find("deploy", "redis", name))), name);
        }
    }

    [Test]
    public void Pod_FindsConfigurationAndPasswords_WhereTheScriptsLook()
    {
        var map = manifests.All<V1ConfigMap>().Single();
        var passwords = Pod.Volumes.Single(volume => volume.Secret is not null);

        Assert.That(Pod.Volumes.Single(volume => volume.ConfigMap is not null).ConfigMap.Name, Is.EqualTo(map.Name()));
        Assert.That(map.Name(), Does.Match("^mirai-redis-[a-z0-9]{10}$"), "a change restarts Redis");
        Assert.That(Container.Command, Is.EqualTo(new[] { "sh", "/etc/redis/start.sh" }));
        Assert.That(
            Container.VolumeMounts.ToDictionary(mount => mount.Name, mount => mount.MountPath),
            Is.EquivalentTo(new Dictionary<string, string>
            {
                ["data"] = "/data", ["configuration"] = "/etc/redis", ["passwords"] = "/run/secrets/redis",
                ["run"] = "/run/redis",
            }));
        Assert.That(
            (passwords.Secret.SecretName, passwords.Secret.DefaultMode), Is.EqualTo(("mirai-redis-passwords", 0x120)));
    }

    [Test]
    public void Probes_AskForPong()
    {
        V1Probe[] probes = [Container.StartupProbe, Container.ReadinessProbe, Container.LivenessProbe];

        Assert.That(probes.Select(probe => probe.Exec.Command[^1]), Is.All.EqualTo(
            "redis-cli --user health --pass - --no-auth-warning ping | grep -qx PONG"));
    }

    private static string Text(IDictionary<string, ResourceQuantity> quantities) => string.Join(
        ' ', quantities.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value}"));
}
