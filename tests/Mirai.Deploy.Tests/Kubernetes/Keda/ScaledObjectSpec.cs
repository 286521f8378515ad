using k8s.Models;

namespace Mirai.Deploy.Tests.Kubernetes.Keda;

internal sealed class ScaledObjectSpec
{
    public V2CrossVersionObjectReference ScaleTargetRef { get; set; } = new();

    public int? MinReplicaCount { get; set; }

    public int? MaxReplicaCount { get; set; }

    public int? PollingInterval { get; set; }

    public int? CooldownPeriod { get; set; }

    public ScaleFallback? Fallback { get; set; }

    public ScaleAdvanced? Advanced { get; set; }

    public IList<ScaleTrigger> Triggers { get; set; } = [];
}
