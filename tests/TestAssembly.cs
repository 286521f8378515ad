using Mirai.Testing;

[assembly: Parallelizable(ParallelScope.Fixtures)]
[assembly: TestWorkers]
[assembly: SkippedTests]

namespace Mirai;

/// <summary>What happens before the first test of an assembly and after the last. Each test project compiles this
/// file.</summary>
[SetUpFixture]
public sealed class TestAssembly
{
    [OneTimeSetUp]
    public void RestoreSignals() => InheritedSignals.Restore();

    [OneTimeTearDown]
    public Task StopRedisAsync() => TestRedis.StopAsync();
}
