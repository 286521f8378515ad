using System.Globalization;
using NUnit.Framework;
using NUnit.Framework.Interfaces;
using NUnit.Framework.Internal;

namespace Mirai.Testing;

/// <summary>Skips the fixtures for PostgreSQL on a machine without PostgreSQL, and keeps one of the tests of a class
/// that are skipped for the same reason: the runner prints the reason for each skipped test, and 200 equal reasons
/// hide every other line.</summary>
/// <remarks>NUnit applies the attributes of an assembly after it has built all tests of the assembly.</remarks>
[AttributeUsage(AttributeTargets.Assembly)]
public sealed class SkippedTestsAttribute : NUnitAttribute, IApplyToTest
{
    public void ApplyToTest(Test test)
    {
        if (test is TestFixture fixture)
        {
            if (fixture.Arguments.Contains(DatabaseKind.PostgreSql))
            {
                new RequiresPostgreSqlAttribute().ApplyToTest(fixture);
            }

            KeepOnePerReason(fixture);
            return;
        }

        foreach (var child in test.Tests.OfType<Test>())
        {
            ApplyToTest(child);
        }
    }

    private static void KeepOnePerReason(TestFixture fixture)
    {
        foreach (var tests in FindSkipped(fixture, inherited: null).GroupBy(found => found.Reason).ToList())
        {
            var (kept, count) = (tests.First().Test, tests.Count());
            if (count == 1)
            {
                continue;
            }

            foreach (var (skipped, _) in tests.Skip(1))
            {
                Remove(skipped);
            }

            var reason = string.Create(
                CultureInfo.InvariantCulture, $"{tests.Key} Skipped: {count} tests of {fixture.Name}.");
            RequirementAttribute.Skip(fixture.RunState == RunState.Skipped ? fixture : kept, reason);
        }
    }

    private static IEnumerable<(Test Test, string Reason)> FindSkipped(Test test, string? inherited)
    {
        var reason = inherited ?? (test.RunState == RunState.Skipped
            ? (string?)test.Properties.Get(PropertyNames.SkipReason) ?? ""
            : null);
        if (test is not TestSuite)
        {
            return reason is null ? [] : [(test, reason)];
        }

        return test.Tests.OfType<Test>().SelectMany(child => FindSkipped(child, reason));
    }

    // A method that has no cases left goes, too: NUnit reports an empty suite as a failure.
    private static void Remove(Test test)
    {
        if (test.Parent is not Test parent)
        {
            return;
        }

        parent.Tests.Remove(test);
        if (parent is ParameterizedMethodSuite && parent.Tests.Count == 0)
        {
            Remove(parent);
        }
    }
}
