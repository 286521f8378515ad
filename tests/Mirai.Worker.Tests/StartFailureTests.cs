using Microsoft.Extensions.Options;
using Mirai.Hosting;
using Mirai.Platform.Database;

namespace Mirai.Worker.Tests;

internal sealed class StartFailureTests
{
    private static IEnumerable<TestCaseData> Mendable()
    {
        var wrong = new OptionsValidationException("", typeof(object), ["A: too small.", "B: missing."]);
        yield return new TestCaseData(wrong).Returns("A: too small.; B: missing.");
        yield return new TestCaseData(new DatabaseUnavailableException("no file")).Returns("no file");
        yield return new TestCaseData(new AggregateException(wrong, new DatabaseUnavailableException("no file")))
            .Returns("A: too small.; B: missing.; no file");
        yield return new TestCaseData(new InvalidOperationException("no number at X", new FormatException()))
            .Returns("no number at X");
        yield return new TestCaseData(new InvalidDataException("cannot load F", new FormatException("line 3")))
            .Returns("cannot load F line 3");
    }

    [TestCaseSource(nameof(Mendable))]
    public string? Describe_NamesWhatAPersonCanMend(Exception exception) => StartFailure.Describe(exception);

    private static IEnumerable<Exception> Bugs()
    {
        yield return new InvalidOperationException("bug");
        yield return new NotSupportedException("bug");
        yield return new AggregateException(
            new DatabaseUnavailableException("no file"), new NotSupportedException("bug"));
    }

    [TestCaseSource(nameof(Bugs))]
    public void Describe_LeavesBugs_TheirStackTrace(Exception exception) =>
        Assert.That(StartFailure.Describe(exception), Is.Null);
}
