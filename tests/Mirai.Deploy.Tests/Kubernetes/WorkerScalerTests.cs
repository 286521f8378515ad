using Mirai.Deploy.Tests.Kubernetes.Keda;

namespace Mirai.Deploy.Tests.Kubernetes;

/// <summary>KEDA and the worker.</summary>
[RequiresKubectl]
internal sealed class WorkerScalerTests
{
    private static readonly string[] Queues = ["critical", "default", "low"];

    private Manifests manifests = null!;

    private ScaledObject Scaler => manifests.Find<ScaledObject>("mirai-worker");

    [OneTimeSetUp]
    public async Task RenderAsync() => manifests = await Manifests.RenderAsync("base");

    [Test]
    public void Scaler_ScalesTheWorker()
    {
        var target = Scaler.Spec.ScaleTargetRef;

        Assert.That(
            (target.ApiVersion, target.Kind, target.Name), Is.EqualTo(("apps/v1", "Deployment", "mirai-worker")));
        Assert.That((Scaler.Spec.MinReplicaCount, Scaler.Spec.MaxReplicaCount), Is.EqualTo((1, 20)));
        Assert.That(Scaler.Spec.Fallback!.Behavior, Is.EqualTo("currentReplicasIfHigher"));
    }

    // Whatever only a worker moves wakes one up: due tasks are forwarded, and a crashed worker's recovered, by
    // workers.
    [Test]
    public void Triggers_CountWhateverOnlyAWorkerMoves()
    {
        string[] parts = ["pending", "active", "scheduled", "retry", "groups", "aggregation_sets"];
        var expected = Queues.SelectMany(queue => parts.Select(part => $"asynq:{{{queue}}}:{part}"));

        Assert.That(Scaler.Spec.Triggers.Select(trigger => trigger.Metadata["listName"]), Is.EquivalentTo(expected));
        Assert.That(Scaler.Spec.Triggers.Select(trigger => trigger.Type), Is.All.EqualTo("redis"));
        Assert.That(
            Scaler.Spec.Triggers.Select(trigger => trigger.Metadata["activationListLength"]), Is.All.EqualTo("0"));
        Assert.That(
            Scaler.Spec.Triggers.Select(trigger => trigger.Metadata["address"]),
            Is.All.EqualTo("mirai-redis.redis.svc.cluster.local:6379"));
    }

    [Test]
    public void Triggers_ServeTheQueuesOfTheWorker()
    {
        var settings = File.ReadAllText(SourceFiles.Find("Mirai.Worker", "appsettings.json"));
        using var json = System.Text.Json.JsonDocument.Parse(
            settings, new() { CommentHandling = System.Text.Json.JsonCommentHandling.Skip });
        var queues = json.RootElement.GetProperty("Queue").GetProperty("Server").GetProperty("Queues");

        Assert.That(queues.EnumerateObject().Select(queue => queue.Name), Is.EquivalentTo(Queues));
    }

    [Test]
    public void Triggers_LogInAsKedasOwnUser()
    {
        var login = manifests.Find<TriggerAuthentication>("mirai-redis").Spec.SecretTargetRef;

        Assert.That(
            Scaler.Spec.Triggers.Select(trigger => trigger.AuthenticationRef!.Name), Is.All.EqualTo("mirai-redis"));
        Assert.That(
            login.Select(reference => (reference.Parameter, reference.Name, reference.Key)),
            Is.EqualTo(new[] { ("username", "mirai-redis", "keda-user"), ("password", "mirai-redis", "keda") }));
    }
}
