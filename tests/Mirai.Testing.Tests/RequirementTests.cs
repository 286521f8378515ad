using NUnit.Framework.Interfaces;
using NUnit.Framework.Internal;
using NUnit.Framework.Internal.Execution;

namespace Mirai.Testing.Tests;

/// <summary>What NUnit makes of classes and tests whose requirement the machine lacks. The tests build the suites
/// themselves, because the runner would also run a class with test methods.</summary>
internal sealed class RequirementTests
{
    private static readonly List<string> Ran = [];

    [SetUp]
    public void Forget() => Ran.Clear();

    [Test]
    public void Class_IsSkippedBeforeItsOneTimeSetUp_WhenTheMachineLacksSomething()
    {
        var result = Run(Build<Lacking>());

        Assert.That(result.ResultState.Status, Is.EqualTo(TestStatus.Skipped));
        Assert.That(Ran, Is.Empty);
    }

    [Test]
    public void Class_Runs_WhenTheMachineHasEverything()
    {
        var result = Run(Build<Equipped>());

        Assert.That(result.PassCount, Is.EqualTo(2));
        Assert.That(Ran, Is.EqualTo(new[] { "set-up", "first", "second" }));
    }

    [Test]
    public void SkippedClass_IsReportedOnce_WithTheNumberOfItsTests()
    {
        var fixture = Build<Lacking>();

        new SkippedTestsAttribute().ApplyToTest(fixture);

        var result = Run(fixture);
        Assert.That(result.SkipCount, Is.EqualTo(1));
        Assert.That(
            result.Children.Single().Message,
            Does.EndWith($"The machine lacks it. Skipped: 2 tests of {fixture.Name}."));
    }

    [Test]
    public void SkippedTests_AreReportedOnce_BesideTestsThatRun()
    {
        var fixture = Build<Equipped>();
        foreach (var name in (string[])[nameof(Methods.First), nameof(Methods.Second)])
        {
            var skipped = Method<Equipped>(name);
            new LackingRequirementAttribute().ApplyToTest(skipped);
            fixture.Add(skipped);
        }

        new SkippedTestsAttribute().ApplyToTest(fixture);

        var result = Run(fixture);
        Assert.That((result.PassCount, result.SkipCount), Is.EqualTo((2, 1)));
    }

    [Test]
    public void Category_IsThatOfTheRequirement_ForFilters() => Assert.That(
        Build<Equipped>().Properties.Get(PropertyNames.Category), Is.EqualTo("RequiresSomething"));

    private static TestFixture Build<T>()
        where T : Methods
    {
        var fixture = new TestFixture(new TypeWrapper(typeof(T)));
        fixture.ApplyAttributesToTest(typeof(T));
        fixture.Add(Method<T>(nameof(Methods.First)));
        fixture.Add(Method<T>(nameof(Methods.Second)));

        return fixture;
    }

    private static TestMethod Method<T>(string name) =>
        new(new MethodWrapper(typeof(T), typeof(Methods).GetMethod(name)!));

    private static TestResult Run(TestFixture fixture)
    {
        var item = WorkItemBuilder.CreateWorkItem(fixture, TestFilter.Empty, recursive: true)!;
        item.InitializeContext(new TestExecutionContext { Dispatcher = new MainThreadWorkItemDispatcher() });
        item.Execute();

        return item.Result;
    }

    /// <summary>A class without test methods of its own, so that the runner does not find it.</summary>
    internal abstract class Methods
    {
        [OneTimeSetUp]
        public void SetUp() => Ran.Add("set-up");

        public static void First() => Ran.Add("first");

        public static void Second() => Ran.Add("second");
    }

    [LackingRequirement]
    internal sealed class Lacking : Methods;

    [EquippedRequirement]
    internal sealed class Equipped : Methods;

    private sealed class LackingRequirementAttribute : RequirementAttribute
    {
        protected override string Category => "RequiresSomething";

        protected override string? FindSkipReason() => "The machine lacks it.";
    }

    private sealed class EquippedRequirementAttribute : RequirementAttribute
    {
        protected override string Category => "RequiresSomething";

        protected override string? FindSkipReason() => null;
    }
}
