namespace Mirai.Deploy.Tests.Kubernetes.Keda;

internal sealed class ScaleFallback
{
    public int FailureThreshold { get; set; }

    public int Replicas { get; set; }

    public string? Behavior { get; set; }
}
