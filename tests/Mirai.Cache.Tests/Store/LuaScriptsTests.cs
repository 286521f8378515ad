using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Mirai.Redis;

namespace Mirai.Cache.Tests.Store;

internal sealed class LuaScriptsTests
{
    private const int MostLines = 40;

    private static IEnumerable<string> Files => typeof(ICache).Assembly.GetManifestResourceNames()
        .Where(name => name.EndsWith(".lua", StringComparison.Ordinal));

    [TestCaseSource(nameof(Files))]
    public void Header_NamesEveryKeyAndArgument_ThatTheScriptUses(string file)
    {
        var (header, body) = Split(file);

        foreach (var array in new[] { "KEYS", "ARGV" })
        {
            var named = Named(header, array);
            var used =
                Regex.Matches(body, array + @"\[(\d+)\]").Select(match => Number(match.Groups[1].Value)).ToHashSet();
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

    [TestCaseSource(nameof(Files))]
    public void Body_StaysShort(string file) =>
        Assert.That(Split(file).Body.Split('\n').Count(line => line.Length > 0), Is.LessThan(MostLines));

    [TestCaseSource(nameof(Files))]
    public void Body_SpellsNoKey(string file) =>
        Assert.That(Split(file).Body, Does.Not.Contain("mirai:").And.Not.Contain("lock:"));

    [TestCaseSource(nameof(Files))]
    public void Body_ReturnsNoStatusOrErrorReply(string file) =>
        Assert.That(Split(file).Body, Does.Not.Contain("error_reply").And.Not.Contain("status_reply"));

    [Test]
    public void Wrappers_RunEveryFile()
    {
        var scripts = typeof(ICache).Assembly.GetTypes()
            .SelectMany(type => type.GetFields(BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.DeclaredOnly))
            .Where(field => field.FieldType == typeof(RedisScript))
            .Select(field => ((RedisScript)field.GetValue(null)!).Name + ".lua");

        Assert.That(scripts, Is.EquivalentTo(Files));
    }

    private static (string Header, string Body) Split(string file)
    {
        using var reader = new StreamReader(typeof(ICache).Assembly.GetManifestResourceStream(file)!);
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
