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
