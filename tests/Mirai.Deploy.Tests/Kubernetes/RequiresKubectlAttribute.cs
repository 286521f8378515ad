using Mirai.Testing;

namespace Mirai.Deploy.Tests.Kubernetes;

/// <summary>The test reads what <c>kubectl kustomize</c> renders. It is skipped on a machine without
/// <c>kubectl</c>.</summary>
internal sealed class RequiresKubectlAttribute : RequirementAttribute
{
    protected override string Category => "RequiresKubectl";

    protected override string? FindSkipReason() =>
        IsOnPath("kubectl") ? null : "There is no kubectl on the PATH.";
}
