using NUnit.Framework;
using NUnit.Framework.Internal;

namespace Mirai.Testing;

/// <summary>Runs the fixtures of an assembly on several NUnit workers, or on one when they share a Redis.</summary>
/// <remarks>Most tests wait for a server or a process, so there are more workers than the two processors of
/// CI.</remarks>
[AttributeUsage(AttributeTargets.Assembly)]
public sealed class TestWorkersAttribute() : PropertyAttribute(
    PropertyNames.LevelOfParallelism, RedisFinder.IsShared ? 1 : Workers)
{
    private const int Workers = 3;
}
