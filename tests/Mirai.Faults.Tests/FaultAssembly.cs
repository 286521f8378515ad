using Mirai.Testing;

[assembly: LevelOfParallelism(8)]
[assembly: SkippedTests]

namespace Mirai.Faults.Tests;

/// <summary>What happens before the first scenario.</summary>
[SetUpFixture]
public sealed class FaultAssembly
{
    [OneTimeSetUp]
    public void RestoreSignals() => InheritedSignals.Restore();
}
