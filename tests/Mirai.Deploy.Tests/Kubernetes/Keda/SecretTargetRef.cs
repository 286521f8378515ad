namespace Mirai.Deploy.Tests.Kubernetes.Keda;

internal sealed class SecretTargetRef
{
    public string Parameter { get; set; } = "";

    public string Name { get; set; } = "";

    public string Key { get; set; } = "";
}
