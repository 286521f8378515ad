using System.Reflection;

namespace Mirai.Queue.Tests;

/// <summary>Records that hold bytes and dictionaries are equal when their contents are.</summary>
internal sealed class EqualityTests
{
    private static IEnumerable<PropertyInfo> InfoProperties => Writable(typeof(TaskInfo));

    private static IEnumerable<PropertyInfo> OptionProperties => Writable(typeof(EnqueueOptions));

    [Test]
    public void TaskInfos_AreEqual_WhenTheirContentsAre() => Assert.That(
        (Info().Equals(Info()), Info().GetHashCode()), Is.EqualTo((true, Info().GetHashCode())));

    [TestCaseSource(nameof(InfoProperties))]
    public void TaskInfos_Differ_WhenOnePropertyDoes(PropertyInfo property)
    {
        var other = Info();
        property.SetValue(other, Other(property.PropertyType));

        Assert.That(Info().Equals(other), Is.False);
    }

    [Test]
    public void Options_AreEqual_WhenTheirContentsAre() => Assert.That(
        (Options().Equals(Options()), Options().GetHashCode()), Is.EqualTo((true, Options().GetHashCode())));

    [TestCaseSource(nameof(OptionProperties))]
    public void Options_Differ_WhenOnePropertyDoes(PropertyInfo property)
    {
        var other = Options();
        property.SetValue(other, Other(property.PropertyType));

        Assert.That(Options().Equals(other), Is.False);
    }

    [Test]
    public void EmptyBytes_AreNotTheSameAsNone() => Assert.That(
        (Info() with { Result = null }).Equals(Info() with { Result = ReadOnlyMemory<byte>.Empty }), Is.False);

    [Test]
    public void Headers_AreEqual_InAnyOrder()
    {
        var headers = new EnqueueOptions
        {
            Headers = new Dictionary<string, string> { ["a"] = "1", ["b"] = "2" },
        };
        var reversed = new EnqueueOptions
        {
            Headers = new SortedDictionary<string, string>(
                Comparer<string>.Create((left, right) => string.CompareOrdinal(right, left)))
            {
                ["a"] = "1",
                ["b"] = "2",
            },
        };

        Assert.That((headers == reversed, headers.GetHashCode()), Is.EqualTo((true, reversed.GetHashCode())));
        Assert.That(
            headers.Equals(headers with { Headers = new Dictionary<string, string> { ["a"] = "1" } }), Is.False);
    }

    private static IEnumerable<PropertyInfo> Writable(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.CanWrite);

    private static TaskInfo Info() => new()
    {
        Id = "a",
        Queue = "mail",
        Type = "mail:send",
        State = TaskState.Pending,
        MaxRetry = 25,
        Payload = new byte[] { 1, 2 },
        Result = new byte[] { 3 },
        Headers = new Dictionary<string, string> { ["h"] = "1" },
    };

    private static EnqueueOptions Options() => new()
    {
        Queue = "mail",
        TaskId = "a",
        MaxRetry = 25,
        Headers = new Dictionary<string, string> { ["h"] = "1" },
    };

    private static object Other(Type type) => Nullable.GetUnderlyingType(type) is { } underlying ? Other(underlying)
        : type == typeof(string) ? "other"
        : type == typeof(int) ? 7
        : type == typeof(bool) ? true
        : type == typeof(TimeSpan) ? TimeSpan.FromSeconds(7)
        : type == typeof(DateTimeOffset) ? DateTimeOffset.UnixEpoch
        : type == typeof(TaskState) ? TaskState.Archived
        : type == typeof(ReadOnlyMemory<byte>) ? new ReadOnlyMemory<byte>([9])
        : new Dictionary<string, string> { ["h"] = "2" };
}
