using k8s.Models;

namespace Mirai.Deploy.Tests.Kubernetes;

/// <summary>Who may talk to whom. Policies only ever add to what is allowed, so that each list here is the
/// whole.</summary>
[RequiresKubectl]
internal sealed class NetworkPolicyTests
{
    private static readonly string[] Programs = ["mirai-api", "mirai-worker"];

    private Manifests manifests = null!;

    [OneTimeSetUp]
    public async Task RenderAsync() => manifests = await Manifests.RenderAsync("base");

    [TestCase("mirai")]
    [TestCase("redis")]
    public void Namespace_DeniesWhatIsNotAllowed(string name)
    {
        var policy = manifests.Find<V1NetworkPolicy>("default-deny", name).Spec;

        Assert.That((policy.PodSelector.MatchLabels, policy.PodSelector.MatchExpressions), Is.EqualTo(
            ((IDictionary<string, string>?)null, (IList<V1LabelSelectorRequirement>?)null)));
        Assert.That(policy.PolicyTypes, Is.EquivalentTo(new[] { "Ingress", "Egress" }));
        Assert.That((policy.Ingress, policy.Egress), Is.EqualTo(
            ((IList<V1NetworkPolicyIngressRule>?)null, (IList<V1NetworkPolicyEgressRule>?)null)));
    }

    [Test]
    public void ApiAndWorkerAlone_ReachRedis_OnItsPort()
    {
        var policies = manifests.All<V1NetworkPolicy>().Where(policy => policy.Namespace() == "mirai")
            .Where(policy => policy.Spec.Egress?.Any(rule => Reaches(rule, "redis")) == true).ToList();

        var only = policies.Single().Spec;
        Assert.That(Names(only.PodSelector), Is.EquivalentTo(Programs));
        var rule = only.Egress.Single();
        Assert.That(
            rule.Ports.Select(port => (port.Protocol, port.Port.Value)), Is.EqualTo(new[] { ("TCP", "6379") }));
        Assert.That(rule.To.Single().PodSelector.MatchLabels["app.kubernetes.io/name"], Is.EqualTo("mirai-redis"));
    }

    // A rule without "to", or with an address block, goes anywhere it says: not to Redis' port.
    [Test]
    public void NoOtherRule_LeadsToRedisPort()
    {
        var rules = manifests.All<V1NetworkPolicy>().Where(policy => policy.Namespace() == "mirai"
            && policy.Name() != "redis")
            .SelectMany(policy => policy.Spec.Egress ?? []);

        Assert.That(rules.Select(rule => rule.Ports), Is.All.Not.Null.And.All.Not.Empty);
        Assert.That(rules.SelectMany(rule => rule.Ports).Select(port => port.Port.Value), Has.No.Member("6379"));
        Assert.That(rules.SelectMany(rule => rule.Ports).Select(port => port.EndPort), Is.All.Null);
    }

    [Test]
    public void Redis_HearsApiWorkerAndKeda_AndCallsNobody()
    {
        var policies = manifests.All<V1NetworkPolicy>().Where(policy => policy.Namespace() == "redis").ToList();
        var rule = policies.Single(policy => policy.Name() == "mirai-redis").Spec.Ingress.Single();

        Assert.That(
            rule.Ports.Select(port => (port.Protocol, port.Port.Value)), Is.EqualTo(new[] { ("TCP", "6379") }));
        Assert.That(
            rule.FromProperty.Select(peer => peer.NamespaceSelector.MatchLabels["kubernetes.io/metadata.name"]),
            Is.EqualTo(new[] { "mirai", "keda" }));
        Assert.That(Names(rule.FromProperty[0].PodSelector), Is.EquivalentTo(Programs));
        Assert.That(rule.FromProperty[1].PodSelector.MatchLabels["app"], Is.EqualTo("keda-operator"));
        Assert.That(policies.SelectMany(policy => policy.Spec.Egress ?? []), Is.Empty);
    }

    [Test]
    public void Requests_ComeFromTheIngress_AndScrapesFromMonitoring()
    {
        var api = manifests.Find<V1NetworkPolicy>("api").Spec.Ingress;
        var worker = manifests.Find<V1NetworkPolicy>("worker").Spec.Ingress;

        Assert.That(api.Select(rule => (From(rule), rule.Ports.Single().Port.Value)), Is.EqualTo(
            new[] { ("ingress-nginx", "8080"), ("monitoring", "8081") }));
        Assert.That(worker.Select(rule => (From(rule), rule.Ports.Single().Port.Value)), Is.EqualTo(
            new[] { ("monitoring", "8081") }));
    }

    [Test]
    public void Https_ReachesNothingPrivate()
    {
        var blocks = manifests.Find<V1NetworkPolicy>("https").Spec.Egress.Single().To.Select(peer => peer.IpBlock);

        Assert.That(blocks.Single().Except, Is.SupersetOf(new[]
        {
            "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "127.0.0.0/8",
        }));
    }

    private static bool Reaches(V1NetworkPolicyEgressRule rule, string name) => rule.To?.Any(peer =>
        peer.NamespaceSelector?.MatchLabels?.TryGetValue("kubernetes.io/metadata.name", out var value) == true
        && value == name) == true;

    private static string From(V1NetworkPolicyIngressRule rule) =>
        rule.FromProperty.Single().NamespaceSelector.MatchLabels["kubernetes.io/metadata.name"];

    private static IEnumerable<string> Names(V1LabelSelector selector) =>
        selector.MatchExpressions.Single(expression => expression.Key == "app.kubernetes.io/name").Values;
}
