using k8s;
using k8s.Models;

namespace Mirai.Deploy.Tests.Kubernetes.Keda;

/// <summary>KEDA's <c>keda.sh/v1alpha1</c> ScaledObject: the properties that Mirai uses, and no others.</summary>
internal sealed class ScaledObject : IKubernetesObject<V1ObjectMeta>
{
    public string ApiVersion { get; set; } = "";

    public string Kind { get; set; } = "";

    public V1ObjectMeta Metadata { get; set; } = new();

    public ScaledObjectSpec Spec { get; set; } = new();
}

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

internal sealed class ScaleFallback
{
    public int FailureThreshold { get; set; }

    public int Replicas { get; set; }

    public string? Behavior { get; set; }
}

internal sealed class ScaleAdvanced
{
    public AutoscalerConfig? HorizontalPodAutoscalerConfig { get; set; }
}

internal sealed class AutoscalerConfig
{
    public V2HorizontalPodAutoscalerBehavior? Behavior { get; set; }
}

internal sealed class ScaleTrigger
{
    public string Type { get; set; } = "";

    public IDictionary<string, string> Metadata { get; set; } = new Dictionary<string, string>();

    public AuthenticationRef? AuthenticationRef { get; set; }
}

internal sealed class AuthenticationRef
{
    public string Name { get; set; } = "";
}
