using NUnit.Framework.Interfaces;

namespace Mirai.Deploy.Tests.Kubernetes;

/// <summary>The test reads what <c>kubectl kustomize</c> renders: it is skipped where there is none.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
internal sealed class RequiresKubectlAttribute : NUnitAttribute, IApplyToTest
{
    public void ApplyToTest(NUnit.Framework.Internal.Test test)
    {
        if (Shell.Find("kubectl") is null)
        {
            test.RunState = RunState.Skipped;
            test.Properties.Set(NUnit.Framework.Internal.PropertyNames.SkipReason, "There is no kubectl on the PATH.");
        }
    }
}
