namespace Mirai.Deploy.Tests.Kubernetes.Keda;

internal sealed class ScaleTrigger
{
    public string Type { get; set; } = "";

    public IDictionary<string, string> Metadata { get; set; } = new Dictionary<string, string>();

    public AuthenticationRef? AuthenticationRef { get; set; }
}
