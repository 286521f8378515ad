using k8s.Models;
using Mirai.Queue;

namespace Mirai.Deploy.Tests.Kubernetes;

/// <summary>The API and the worker of the base.</summary>
[RequiresKubectl]
internal sealed class ProgramManifestsTests
{
    // What Mirai.Worker takes for its goodbyes, and what ASP.NET Core gives requests.
    private static readonly TimeSpan RoomForGoodbyes = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan HostShutdown = TimeSpan.FromSeconds(30);

    private Manifests manifests = null!;

    [OneTimeSetUp]
    public async Task RenderAsync() => manifests = await Manifests.RenderAsync("base");

    [Test]
    public void Programs_AreScaledByTheirScalersAlone()
    {
        var deployments = manifests.All<V1Deployment>().ToList();

        Assert.That(deployments.Select(each => each.Name()), Is.EquivalentTo(new[] { "mirai-api", "mirai-worker" }));
        Assert.That(deployments.Select(each => each.Namespace()), Is.All.EqualTo("mirai"));
        Assert.That(deployments.Select(each => each.Spec.Replicas), Is.All.Null);
    }

    [TestCase("mirai-api")]
    [TestCase("mirai-worker")]
    public void Program_RollsOutWithoutAGap(string name)
    {
        var rollOut = manifests.Find<V1Deployment>(name).Spec.Strategy.RollingUpdate;
        var budget = manifests.Find<V1PodDisruptionBudget>(name).Spec;

        Assert.That((rollOut.MaxSurge.Value, rollOut.MaxUnavailable.Value), Is.EqualTo(("1", "0")));
        Assert.That(budget.MaxUnavailable.Value, Is.EqualTo("1"));
        Assert.That(
            budget.Selector.MatchLabels, Is.EquivalentTo(
                manifests.Find<V1Deployment>(name).Spec.Selector.MatchLabels));
    }

    [TestCase("mirai-api", "api")]
    [TestCase("mirai-worker", "worker")]
    public void Program_TakesSecretsByReference(string name, string key)
    {
        var environment = Container(name).Env.ToDictionary(variable => variable.Name);

        var password = environment["REDIS_PASSWORD"].ValueFrom.SecretKeyRef;
        var database = environment["DATABASE_URL"].ValueFrom.SecretKeyRef;
        Assert.That((password.Name, password.Key), Is.EqualTo(("mirai-redis", key)));
        Assert.That((database.Name, database.Key), Is.EqualTo(("mirai-database", "url")));
        Assert.That(environment["REDIS_URL"].Value, Is.EqualTo(
            $"redis://{name}:$(REDIS_PASSWORD)@mirai-redis.redis.svc.cluster.local:6379/0"));
        Assert.That(
            Container(name).Env.Select(variable => variable.Name).TakeWhile(variable => variable != "REDIS_URL"),
            Has.Member("REDIS_PASSWORD"), "only what stands before it can be part of a value");
    }

    // The API answers where it serves; the worker, which serves nobody, on the port of its metrics.
    [TestCase("mirai-api", "http")]
    [TestCase("mirai-worker", "management")]
    public void Program_AnswersItsProbes(string name, string port)
    {
        var container = Container(name);
        V1Probe[] probes = [container.StartupProbe, container.LivenessProbe, container.ReadinessProbe];

        Assert.That(probes.Select(probe => probe.HttpGet.Path), Is.EqualTo(
            new[] { "/health/startup", "/health/live", "/health/ready" }));
        Assert.That(probes.Select(probe => probe.HttpGet.Port.Value), Is.All.EqualTo(port));
        Assert.That(container.StartupProbe.PeriodSeconds * container.StartupProbe.FailureThreshold, Is.EqualTo(600));
    }

    [Test]
    public void Programs_ListenOnTheirPorts()
    {
        var api = Container("mirai-api").Ports.ToDictionary(port => port.Name, port => port.ContainerPort);
        var worker = Container("mirai-worker").Ports.ToDictionary(port => port.Name, port => port.ContainerPort);

        Assert.That(api, Is.EquivalentTo(new Dictionary<string, int> { ["http"] = 8080, ["management"] = 8081 }));
        Assert.That(worker, Is.EquivalentTo(new Dictionary<string, int> { ["management"] = 8081 }));
        Assert.That(manifests.Find<V1Service>("mirai-api").Spec.Ports.Single().TargetPort.Value, Is.EqualTo("http"));
    }

    [TestCase("mirai-api")]
    [TestCase("mirai-worker")]
    public void Program_TakesFurtherSettingsWhereThereAreSome(string name)
    {
        var sources = Container(name).EnvFrom;

        Assert.That((sources[0].ConfigMapRef.Name, sources[0].ConfigMapRef.Optional), Is.EqualTo((name, true)));
        Assert.That((sources[1].SecretRef.Name, sources[1].SecretRef.Optional), Is.EqualTo((name, true)));
    }

    [Test]
    public void Api_HasTimeToEndItsRequests()
    {
        var pod = Pod("mirai-api");
        var preStop = TimeSpan.FromSeconds(Container("mirai-api").Lifecycle.PreStop.Sleep.Seconds);

        Assert.That(preStop, Is.GreaterThan(TimeSpan.Zero));
        Assert.That(Grace(pod), Is.GreaterThan(preStop + HostShutdown));
    }

    [Test]
    public void Worker_HasTimeToEndItsTasks()
    {
        var setting = Container("mirai-worker")
            .Env.Single(variable => variable.Name == "Queue__Server__ShutdownTimeout");
        var timeout = TimeSpan.Parse(setting.Value, System.Globalization.CultureInfo.InvariantCulture);
        var needed = timeout + new QueueServerOptions().CancellationGrace + RoomForGoodbyes;

        Assert.That(Grace(Pod("mirai-worker")), Is.GreaterThan(needed));
    }

    [Test]
    public void ApiAutoscaler_FollowsTheProcessor()
    {
        var scaler = manifests.Find<V2HorizontalPodAutoscaler>("mirai-api").Spec;

        Assert.That((scaler.ScaleTargetRef.Kind, scaler.ScaleTargetRef.Name), Is.EqualTo(("Deployment", "mirai-api")));
        Assert.That((scaler.MinReplicas, scaler.MaxReplicas), Is.EqualTo((2, 10)));
        Assert.That(scaler.Metrics.Single().Resource.Name, Is.EqualTo("cpu"));
        Assert.That(scaler.Metrics.Single().Resource.Target.AverageUtilization, Is.EqualTo(70));
    }

    private V1PodSpec Pod(string name) => manifests.Find<V1Deployment>(name).Spec.Template.Spec;

    private V1Container Container(string name) => Pod(name).Containers.Single();

    private static TimeSpan Grace(V1PodSpec pod) => TimeSpan.FromSeconds(pod.TerminationGracePeriodSeconds!.Value);
}
