using k8s.Models;

namespace Mirai.Deploy.Tests.Kubernetes;

/// <summary>What holds for every installation, and what each overlay changes.</summary>
[RequiresKubectl]
internal sealed class OverlayTests
{
    private static readonly string[][] Installations =
    [
        ["base"], .. Directory.GetDirectories(SourceFiles.Find("deploy", "kubernetes", "overlays"))
            .Select(folder => (string[])["overlays", Path.GetFileName(folder)]),
    ];

    [TestCaseSource(nameof(Installations))]
    public async Task EveryPod_MayDoNoMoreThanItNeeds(params string[] folder)
    {
        foreach (var (workload, pod) in (await Manifests.RenderAsync(folder)).Pods())
        {
            Assert.That(pod.AutomountServiceAccountToken, Is.False, workload);
            Assert.That(pod.SecurityContext.RunAsNonRoot, Is.True, workload);
            Assert.That(pod.SecurityContext.RunAsUser, Is.EqualTo(999).Or.EqualTo(1654), workload);
            Assert.That(pod.SecurityContext.SeccompProfile.Type, Is.EqualTo("RuntimeDefault"), workload);
            Assert.That(
                (pod.HostNetwork, pod.HostPID, pod.HostIPC), Is.EqualTo(((bool?)null, (bool?)null, (bool?)null)));
            var contexts = pod.Containers.Select(container => container.SecurityContext).ToList();
            Assert.That(contexts.Select(context => context.ReadOnlyRootFilesystem), Is.All.True, workload);
            Assert.That(contexts.Select(context => context.AllowPrivilegeEscalation), Is.All.False, workload);
            Assert.That(
                contexts.Select(context => context.Capabilities.Drop.Single()), Is.All.EqualTo("ALL"), workload);
        }
    }

    [TestCaseSource(nameof(Installations))]
    public async Task EveryPod_HasBoundsAndAnAccountWithoutAToken(params string[] folder)
    {
        var manifests = await Manifests.RenderAsync(folder);

        foreach (var (workload, pod) in manifests.Pods())
        {
            var account = manifests.Find<V1ServiceAccount>(pod.ServiceAccountName);
            Assert.That(account.AutomountServiceAccountToken, Is.False, workload);
            Assert.That(pod.Containers.Select(container => container.Resources.Limits.Keys), Is.All.EquivalentTo(
                new[] { "cpu", "memory" }), workload);
        }
    }

    [Test]
    public async Task SplitRedis_KeepsTasksAndDropsCache()
    {
        var manifests = await Manifests.RenderAsync("overlays", "split-redis");

        var queue = manifests.Find<V1StatefulSet>("mirai-redis").Spec.Template.Spec.Containers.Single();
        var cache = manifests.Find<V1Deployment>("mirai-redis-cache").Spec.Template.Spec.Containers.Single();
        Assert.That(
            queue.Args, Is.EqualTo(new[] { "redis.conf", "--dir", "/data", "--maxmemory-policy", "noeviction" }));
        Assert.That(cache.Args[0], Is.EqualTo("cache.conf"));
        foreach (var name in (string[])["mirai-api", "mirai-worker"])
        {
            var environment = manifests.Find<V1Deployment>(name).Spec.Template.Spec.Containers.Single().Env;
            Assert.That(environment.Single(variable => variable.Name == "CACHE_REDIS_URL").Value, Is.EqualTo(
                $"redis://{name}:$(REDIS_PASSWORD)@mirai-redis-cache.redis.svc.cluster.local:6379/0"));
        }
    }

    [Test]
    public async Task SplitRedis_LetsProgramsReachBoth()
    {
        var manifests = await Manifests.RenderAsync("overlays", "split-redis");

        var egress = manifests.Find<V1NetworkPolicy>("redis", "mirai").Spec.Egress.Single().To.Single();
        Assert.That(
            egress.PodSelector.MatchExpressions.Single()
                .Values, Is.EqualTo(new[] { "mirai-redis", "mirai-redis-cache" }));
        Assert.That(
            manifests.Find<V1NetworkPolicy>("mirai-redis-cache").Spec.Ingress.Single().Ports.Single().Port.Value,
            Is.EqualTo("6379"));
    }
}
