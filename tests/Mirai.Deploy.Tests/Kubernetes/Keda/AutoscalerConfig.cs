using k8s.Models;

namespace Mirai.Deploy.Tests.Kubernetes.Keda;

internal sealed class AutoscalerConfig
{
    public V2HorizontalPodAutoscalerBehavior? Behavior { get; set; }
}
