using NUnit.Framework;
using NUnit.Framework.Interfaces;
using NUnit.Framework.Internal;

namespace Mirai.Testing;

/// <summary>Skips a class or a test on a machine that lacks something.</summary>
/// <remarks>NUnit applies this attribute when it builds the tests, before any set-up runs. An <see
/// cref="ITestAction"/> would run after the one-time set-up of the class.</remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public abstract class RequirementAttribute : NUnitAttribute, IApplyToTest
{
    /// <summary>The category of the class or test, for filters.</summary>
    protected abstract string Category { get; }

    /// <summary>Says what the machine lacks.</summary>
    /// <returns>A sentence, or <see langword="null"/> when the class or test can run.</returns>
    protected abstract string? FindSkipReason();

    /// <summary>Whether the PATH has a program.</summary>
    protected static bool IsOnPath(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Any(folder => File.Exists(Path.Combine(folder, program)));

    public void ApplyToTest(Test test)
    {
        test.Properties.Add(PropertyNames.Category, Category);
        if (FindSkipReason() is { } reason)
        {
            Skip(test, reason);
        }
    }

    /// <summary>Marks a class or a test as skipped.</summary>
    internal static void Skip(Test test, string reason)
    {
        if (test.RunState != RunState.NotRunnable)
        {
            test.RunState = RunState.Skipped;
            test.Properties.Set(PropertyNames.SkipReason, reason);
        }
    }
}
