using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Mirai.Queue.Legacy;
using Mirai.Queue.Store;

namespace Mirai.Queue.Tests.Scripts;

internal sealed class LuaScriptsTests
{
    private const int MostLines = 40;

    private static IEnumerable<string> Files => typeof(LuaScripts).Assembly.GetManifestResourceNames()
        .Where(name => name.EndsWith(".lua", StringComparison.Ordinal));

    [TestCaseSource(nameof(Files))]
    public void Header_NamesEveryKeyAndArgument_ThatTheScriptUses(string file)
    {
        var (header, body) = Split(file);

        foreach (var array in new[] { "KEYS", "ARGV" })
        {
            var named = Named(header, array);
            var used = Regex.Matches(body, array + @"\[(\d+)\]")
                .Select(match => Number(match.Groups[1].Value)).ToHashSet();
            Assert.That(
                used.Where(index => !named(index)), Is.Empty, $"{array} without a word in the header of {file}");
            Assert.That(
                !Regex.IsMatch(body, $@"#{array}\b|unpack\({array}") || Regex.IsMatch(header, array + @"\[[\d.]*\.\."),
                Is.True,
                $"{file} uses a varying number of {array}, its header names a fixed one");
        }
    }

    [TestCaseSource(nameof(Files))]
    public void Header_TellsReply_OfEveryScript(string file) =>
        Assert.That(Split(file).Header, Does.Contain("-- Returns"));

    // What Garnet locks by, and a rule of the house: see docs/wire.md.
    [TestCaseSource(nameof(Files))]
    public void Keys_BeginWithPendingList_InEveryScriptOfAQueue(string file)
    {
        var first = Split(file).Header.Split('\n').First(line => line.Contains("KEYS[1]", StringComparison.Ordinal));

        Assert.That(
            first, Does.Contain("asynq:{<queue>}:pending").Or.Match("asynq:queues +set").Or.Contain("asynq:servers:")
            .Or.Contain("asynq:schedulers:").Or.Contain("asynq:scheduler_history:"));
    }

    [TestCaseSource(nameof(Files))]
    public void Body_StaysShort(string file) =>
        Assert.That(Split(file).Body.Split('\n').Count(line => line.Length > 0), Is.LessThan(MostLines));

    [TestCaseSource(nameof(Files))]
    public void Body_SpellsNoKey(string file) => Assert.That(Split(file).Body, Does.Not.Contain("asynq:"));

    [TestCaseSource(nameof(Files))]
    public void Body_ReturnsNoStatusOrErrorReply(string file) =>
        Assert.That(Split(file).Body, Does.Not.Contain("error_reply").And.Not.Contain("status_reply"));

    [Test]
    public void Catalogue_HasEveryFile()
    {
        var catalogue = new[] { typeof(LuaScripts), typeof(LegacyScripts) }
            .SelectMany(type => type.GetFields(BindingFlags.Public | BindingFlags.Static))
            .Select(field => ((RedisScript)field.GetValue(null)!).Name + ".lua");

        Assert.That(catalogue, Is.EquivalentTo(Files));
    }

    private static (string Header, string Body) Split(string file)
    {
        using var reader = new StreamReader(typeof(LuaScripts).Assembly.GetManifestResourceStream(file)!);
        var lines = reader.ReadToEnd().Split('\n');
        var header = lines.TakeWhile(line => line.StartsWith("--", StringComparison.Ordinal)).ToList();

        return (string.Join('\n', header), string.Join('\n', lines.Skip(header.Count)).Trim());
    }

    private static Func<int, bool> Named(string header, string array)
    {
        var ranges = Regex.Matches(header, array + @"\[(\d+)(\.\.(\d*))?\]").Select(match => (
            First: Number(match.Groups[1].Value),
            Last: !match.Groups[2].Success ? Number(match.Groups[1].Value)
                : match.Groups[3].Length == 0 ? int.MaxValue : Number(match.Groups[3].Value))).ToList();

        return index => ranges.Any(range => index >= range.First && index <= range.Last);
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
