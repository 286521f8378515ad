using Mirai.Local.Redis;
using NUnit.Framework;
using NUnit.Framework.Interfaces;

namespace Mirai.Testing;

/// <summary>The test stops, kills or freezes a <c>redis-server</c> of its own: it is skipped where there is
/// none.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class RequiresRedisServerAttribute() : CategoryAttribute(Category), ITestAction
{
    /// <summary>The category, for filters.</summary>
    public const string Category = "RequiresRedisServer";

    public ActionTargets Targets => ActionTargets.Test;

    public void BeforeTest(ITest test)
    {
        if (RedisServerProcess.FindExecutable() is null)
        {
            Assert.Ignore("There is no redis-server on the PATH.");
        }
    }

    public void AfterTest(ITest test)
    {
        // Nothing to undo.
    }
}
