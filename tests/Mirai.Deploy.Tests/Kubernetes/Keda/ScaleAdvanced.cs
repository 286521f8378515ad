namespace Mirai.Deploy.Tests.Kubernetes.Keda;

internal sealed class ScaleAdvanced
{
    public AutoscalerConfig? HorizontalPodAutoscalerConfig { get; set; }
}
