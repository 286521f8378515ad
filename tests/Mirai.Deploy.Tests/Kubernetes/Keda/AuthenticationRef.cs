namespace Mirai.Deploy.Tests.Kubernetes.Keda;

internal sealed class AuthenticationRef
{
    public string Name { get; set; } = "";
}
