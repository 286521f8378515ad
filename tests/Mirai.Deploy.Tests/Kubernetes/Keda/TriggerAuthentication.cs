using k8s;
using k8s.Models;

namespace Mirai.Deploy.Tests.Kubernetes.Keda;

/// <summary>KEDA's <c>keda.sh/v1alpha1</c> TriggerAuthentication: the properties that Mirai uses, and no
/// others.</summary>
internal sealed class TriggerAuthentication : IKubernetesObject<V1ObjectMeta>
{
    public string ApiVersion { get; set; } = "";

    public string Kind { get; set; } = "";

    public V1ObjectMeta Metadata { get; set; } = new();

    public TriggerAuthenticationSpec Spec { get; set; } = new();
}

internal sealed class TriggerAuthenticationSpec
{
    public IList<SecretTargetRef> SecretTargetRef { get; set; } = [];
}

internal sealed class SecretTargetRef
{
    public string Parameter { get; set; } = "";

    public string Name { get; set; } = "";

    public string Key { get; set; } = "";
}
