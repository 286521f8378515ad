using k8s.Models;

namespace Mirai.Deploy.Tests.Kubernetes;

/// <summary>Overlay <c>sentinel</c>. How its scripts behave is in Redis/SentinelTests.</summary>
[RequiresKubectl]
internal sealed class SentinelOverlayTests
{
    private const string Nodes = "mirai-redis-nodes.redis.svc.cluster.local";

    private Manifests manifests = null!;

    private V1StatefulSet Redis => manifests.Find<V1StatefulSet>("mirai-redis");

    [OneTimeSetUp]
    public async Task RenderAsync() => manifests = await Manifests.RenderAsync("overlays", "sentinel");

    [Test]
    public void Redis_IsThreeNodes_EachOnItsOwnMachineWithASentinel()
    {
        var pod = Redis.Spec.Template.Spec;
        var apart = pod.Affinity.PodAntiAffinity.RequiredDuringSchedulingIgnoredDuringExecution.Single();

        Assert.That((Redis.Spec.Replicas, Redis.Spec.PodManagementPolicy), Is.EqualTo((3, "Parallel")));
        Assert.That(pod.Containers.Select(container => container.Name), Is.EqualTo(new[] { "redis", "sentinel" }));
        Assert.That(pod.Containers[0].Command, Is.EqualTo(new[] { "sh", "/etc/redis/node.sh" }));
        Assert.That(pod.Containers[1].Command, Is.EqualTo(new[] { "sh", "/etc/redis/sentinel.sh" }));
        Assert.That(pod.Containers[1].Args, Is.EqualTo(new[] { "/data", $"$(POD_NAME).{Nodes}", "26379" }));
        Assert.That(apart.TopologyKey, Is.EqualTo("kubernetes.io/hostname"));
        Assert.That(manifests.Find<V1PodDisruptionBudget>("mirai-redis").Spec.MaxUnavailable.Value, Is.EqualTo("1"));
    }

    [Test]
    public void Nodes_FindEachOther_AlsoBeforeTheyAreReady()
    {
        var service = manifests.Find<V1Service>(Redis.Spec.ServiceName).Spec;
        var environment = Redis.Spec.Template.Spec.Containers[0].Env.ToDictionary(
            each => each.Name, each => each.Value);

        Assert.That((service.ClusterIP, service.PublishNotReadyAddresses), Is.EqualTo(("None", true)));
        Assert.That(environment["REDIS_SELF"], Is.EqualTo($"$(POD_NAME).{Nodes} 6379"));
        Assert.That(environment["REDIS_FIRST"], Is.EqualTo($"mirai-redis-0.{Nodes} 6379"));
        Assert.That(environment["REDIS_SENTINELS"].Split(' '), Is.EqualTo(
            Enumerable.Range(0, 3).Select(i => $"mirai-redis-{i}.{Nodes}:26379")));
    }

    [TestCase("mirai-api")]
    [TestCase("mirai-worker")]
    public void Program_AsksTheSentinels(string name)
    {
        var environment = manifests.Find<V1Deployment>(name).Spec.Template.Spec.Containers.Single().Env;
        var hosts = string.Join(',', Enumerable.Range(0, 3).Select(i => $"mirai-redis-{i}.{Nodes}:26379"));

        Assert.That(environment.Single(variable => variable.Name == "REDIS_URL").Value, Is.EqualTo(
            $"redis-sentinel://sentinel-client:$(SENTINEL_PASSWORD)@{hosts}"
            + $"/0?master=mirai&user={name}&password=$(REDIS_PASSWORD)"));
        Assert.That(
            environment.Select(variable => variable.Name).TakeWhile(variable => variable != "REDIS_URL"),
            Is.SupersetOf(new[] { "REDIS_PASSWORD", "SENTINEL_PASSWORD" }),
            "only what stands before it can be part of a value");
    }

    [Test]
    public void Policies_LetProgramsReachSentinels_AndNodesEachOther()
    {
        var egress = manifests.Find<V1NetworkPolicy>("redis", "mirai").Spec.Egress.Single();
        var ingress = manifests.Find<V1NetworkPolicy>("mirai-redis", "redis").Spec.Ingress.Single();
        var nodes = manifests.Find<V1NetworkPolicy>("nodes", "redis").Spec;

        Assert.That(egress.Ports.Select(port => port.Port.Value), Is.EqualTo(new[] { "6379", "26379" }));
        Assert.That(ingress.Ports.Select(port => port.Port.Value), Is.EqualTo(new[] { "6379", "26379" }));
        Assert.That(
            nodes.Egress.Single().To.Single().PodSelector.MatchLabels, Is.EquivalentTo(nodes.PodSelector.MatchLabels));
        Assert.That(nodes.Ingress.Single().FromProperty.Single().PodSelector.MatchLabels, Is.EquivalentTo(
            nodes.PodSelector.MatchLabels));
    }
}
