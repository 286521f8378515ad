using System.Collections.Concurrent;
using k8s;
using k8s.Models;
using Mirai.Deploy.Tests.Kubernetes.Keda;

namespace Mirai.Deploy.Tests.Kubernetes;

/// <summary>The objects of an installation, as typed models. A property that its type does not have is an
/// error.</summary>
internal sealed class Manifests(IReadOnlyList<object> objects)
{
    private static readonly ConcurrentDictionary<string, Task<Manifests>> Rendered = new(StringComparer.Ordinal);

    // KubernetesClient has no models of these.
    private static readonly Dictionary<string, Type> Keda = new(StringComparer.Ordinal)
    {
        ["keda.sh/v1alpha1/ScaledObject"] = typeof(ScaledObject),
        ["keda.sh/v1alpha1/TriggerAuthentication"] = typeof(TriggerAuthentication),
    };

    public IReadOnlyList<object> Objects => objects;

    /// <summary>Renders a folder under <c>deploy/kubernetes</c>, for instance <c>base</c>.</summary>
    public static Task<Manifests> RenderAsync(params string[] folder) =>
        Rendered.GetOrAdd(SourceFiles.Find(["deploy", "kubernetes", .. folder]), RenderFolderAsync);

    public static Manifests Parse(string yaml) => new(KubernetesYaml.LoadAllFromString(yaml, Keda, strict: true));

    public IEnumerable<T> All<T>() => objects.OfType<T>();

    /// <summary>Finds the only object with this type and name.</summary>
    public T Find<T>(string name, string? inNamespace = null)
        where T : IKubernetesObject<V1ObjectMeta> => All<T>().Single(
            candidate => candidate.Name() == name && (inNamespace is null || candidate.Namespace() == inNamespace));

    /// <summary>The pods of all workloads, by the workload's name.</summary>
    public IEnumerable<(string Workload, V1PodSpec Pod)> Pods() =>
    [
        .. All<V1Deployment>().Select(deployment => (deployment.Name(), deployment.Spec.Template.Spec)),
        .. All<V1StatefulSet>().Select(set => (set.Name(), set.Spec.Template.Spec)),
    ];

    private static async Task<Manifests> RenderFolderAsync(string folder) =>
        Parse(await Shell.RunAsync("kubectl", "kustomize", folder));
}
