namespace Mirai.Deploy.Tests.Kubernetes.Keda;

internal sealed class TriggerAuthenticationSpec
{
    public IList<SecretTargetRef> SecretTargetRef { get; set; } = [];
}
