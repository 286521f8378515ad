using CsCheck;
using Mirai.Queue.Store;

namespace Mirai.Queue.Tests.Wire;

internal sealed class EnqueueChecksTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(4_000_000_000);

    private static readonly string[] Names =
        [.. typeof(EnqueueOptions).GetProperties().Select(property => property.Name), nameof(QueueTask.Type)];

    private static IEnumerable<TestCaseData> Invalid()
    {
        yield return Case(nameof(EnqueueOptions.Queue), new() { Queue = " " }, "white space");
        yield return Case(nameof(EnqueueOptions.Queue), new() { Queue = "}x" }, "'}x', but must not begin with");
        yield return Case(nameof(EnqueueOptions.Queue), new() { Queue = "a*b" }, "'a*b', but must not contain a star");
        yield return Case(nameof(EnqueueOptions.TaskId), new() { TaskId = "" }, "white space");
        yield return Case(nameof(EnqueueOptions.Group), new() { Group = "\t" }, "white space");
        yield return Case(
            nameof(EnqueueOptions.Timeout), new() { Timeout = TimeSpan.FromSeconds(-1) },
            "Timeout is -00:00:01, but must be 00:00:00 to 106751.23:47:16");
        yield return Case(nameof(EnqueueOptions.Timeout), new() { Timeout = TimeSpan.MaxValue }, "must be 00:00:00 to");
        yield return Case(nameof(EnqueueOptions.Retention), new() { Retention = TimeSpan.MinValue }, "must be 00:00:00");
        yield return Case(
            nameof(EnqueueOptions.UniqueFor), new() { UniqueFor = TimeSpan.FromMilliseconds(999) },
            "UniqueFor is 00:00:00.9990000, but must be 00:00:01 to");
        yield return Case(
            nameof(EnqueueOptions.Deadline), new() { Deadline = Now },
            "must lie in the future; it is 2096-10-02T07:06:40.0000000Z now");
        yield return Case(
            nameof(EnqueueOptions.Deadline), new() { Deadline = Now.AddHours(1), ProcessIn = TimeSpan.FromHours(1) },
            "must be later than the time the task is due");
        yield return Case(
            nameof(EnqueueOptions.ProcessIn), new() { ProcessAt = Now, ProcessIn = TimeSpan.Zero }, "exclude each other");
        yield return Case(
            nameof(EnqueueOptions.Headers), new() { Headers = new Dictionary<string, string> { ["k"] = "\ud800" } },
            "lone surrogate");
        yield return Case(
            nameof(EnqueueOptions.Headers), new() { Headers = new Dictionary<string, string> { ["k"] = null! } }, "null");

        static TestCaseData Case(string option, EnqueueOptions options, string text) =>
            new TestCaseData(options, option, text).SetArgDisplayNames(option, text);
    }

    [TestCaseSource(nameof(Invalid))]
    public void Create_NamesTheOptionTheValueAndTheLimits_WhenItIsNotValid(
        EnqueueOptions options, string option, string text)
    {
        var error = Assert.Catch<ArgumentException>(() => NewTask.Create(new QueueTask("t"), options, Now));

        Assert.That(error!.ParamName, Is.EqualTo(option));
        Assert.That(error.Message, Does.StartWith(option).And.Contains(text));
    }

    [Test]
    public void Create_NamesTheType_WhenUtf8CannotCarryIt() => Assert.That(
        () => NewTask.Create(new QueueTask("t\ud800"), EnqueueOptions.None, Now),
        Throws.ArgumentException.With.Property(nameof(ArgumentException.ParamName)).EqualTo(nameof(QueueTask.Type)));

    [Test]
    public void Create_StoresOrNamesAnOption_WhateverTheValuesAre() =>
        Gen.Select(Durations, Durations, Durations, Durations, Times, Times, Texts).Sample(values =>
        {
            var (timeout, processIn, unique, retention, processAt, deadline, text) = values;
            var options = new EnqueueOptions
            {
                Timeout = timeout, ProcessIn = processIn, UniqueFor = unique, Retention = retention,
                ProcessAt = processAt, Deadline = deadline, Queue = text, TaskId = text, Group = text,
            };
            try
            {
                var task = NewTask.Create(new QueueTask("t"), options, Now);
                return task.LockLifetime >= TimeSpan.Zero && (task.ProcessAt is null || task.ProcessAt > Now);
            }
            catch (ArgumentException refusal)
            {
                return Names.Contains(refusal.ParamName)
                    && refusal.Message.StartsWith(refusal.ParamName!, StringComparison.Ordinal);
            }
        });

    [TestCase(3.0, 0.1, 4)]
    [TestCase(3.0, 0.0, 3)]
    [TestCase(0.001, 0.999, 1)]
    [TestCase(0.001, 0.5, 1)]
    public void Create_RoundsTheDueTimeUp(double delay, double fraction, int expected)
    {
        var now = Now.AddSeconds(fraction);

        var task = NewTask.Create(
            new QueueTask("t"), new EnqueueOptions { ProcessIn = TimeSpan.FromSeconds(delay) }, now);
        var same = NewTask.Create(
            new QueueTask("t"), new EnqueueOptions { ProcessAt = now.AddSeconds(delay) }, now);

        Assert.That(task.ProcessAt, Is.EqualTo(Now.AddSeconds(expected)));
        Assert.That(same.ProcessAt, Is.EqualTo(task.ProcessAt));
    }

    private static Gen<TimeSpan?> Durations => Extreme(
        TimeSpan.MinValue, TimeSpan.FromTicks(-1), TimeSpan.Zero, TimeSpan.FromTicks(1), TimeSpan.FromSeconds(1),
        TimeSpan.FromDays(106_751), TimeSpan.FromDays(106_752), TimeSpan.MaxValue);

    private static Gen<DateTimeOffset?> Times => Extreme(
        DateTimeOffset.MinValue, DateTimeOffset.UnixEpoch, Now.AddTicks(-1), Now, Now.AddTicks(1), Now.AddYears(300),
        DateTimeOffset.MaxValue);

    private static Gen<string?> Texts => OneOf<string?>(
        null, "", " ", "a", "}x", "a}b", "{", "a*b", "*", "\ud800", "\udfff\ud800", new string('x', 100_000));

    private static Gen<T?> Extreme<T>(params T[] values)
        where T : struct => OneOf<T?>([null, null, .. values.Select(value => (T?)value)]);

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);
}
