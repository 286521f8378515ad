using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Mirai.Redis;
using NUnit.Framework;

namespace Mirai.Testing;

/// <summary>What holds for every Lua script of a library. A fixture derives from this class and has a static member
/// <c>Files</c> with the names of the files: <see cref="FilesOf"/>.</summary>
/// <param name="anchor">Any type of the library. The scripts are static fields of its types.</param>
/// <param name="keyPrefixes">What the keys of the library begin with.</param>
public abstract class LuaScriptContract(Type anchor, params string[] keyPrefixes)
{
    private const string Source = "Files";
    private const int MostLines = 40;

    private Assembly Assembly => anchor.Assembly;

    /// <summary>The embedded Lua files of an assembly.</summary>
    public static IEnumerable<string> FilesOf(Assembly assembly) =>
        assembly.GetManifestResourceNames().Where(name => name.EndsWith(".lua", StringComparison.Ordinal));

    [TestCaseSource(Source)]
    public void Header_NamesEveryKeyAndArgument_OfTheTextWithItsIncludes(string file)
    {
        var header = Header(file);
        var text = Resolved(file);

        foreach (var array in new[] { "KEYS", "ARGV" })
        {
            var isNamed = Named(header, array);
            var used = Regex.Matches(text, array + @"\[(\d+)\]")
                .Select(match => Number(match.Groups[1].Value)).ToHashSet();
            Assert.That(
                used.Where(index => !isNamed(index)), Is.Empty, $"the header of {file} names no such {array}");
            Assert.That(
                !Regex.IsMatch(text, $@"#{array}\b|unpack\({array}") || Regex.IsMatch(header, array + @"\[[\d.]*\.\."),
                Is.True,
                $"{file} uses a varying number of {array}, but its header names a fixed number");
        }
    }

    [TestCaseSource(Source)]
    public void Header_NamesNothing_ThatTheTextDoesNotUse(string file)
    {
        var unused = Regex.Matches(Header(file), @"^-- (KEYS|ARGV)\[(\d+)\](?!.*\(not used)", RegexOptions.Multiline)
            .Select(match => $"{match.Groups[1].Value}[{match.Groups[2].Value}]")
            .Where(name => !Resolved(file).Contains(name, StringComparison.Ordinal));

        Assert.That(IsLooped(file) ? [] : unused, Is.Empty);
    }

    [TestCaseSource(Source)]
    public void Header_TellsTheReply_OrWhatAnIncludeDefines(string file) =>
        Assert.That(Header(file), Does.Contain(IsInclude(file) ? "-- Defines" : "-- Returns"));

    [TestCaseSource(Source)]
    public void Body_StaysShort(string file) =>
        Assert.That(Body(file).Count(line => line.Length > 0), Is.LessThan(MostLines));

    [TestCaseSource(Source)]
    public void Body_SpellsNoKey(string file) =>
        Assert.That(keyPrefixes.Where(prefix => Resolved(file).Contains(prefix, StringComparison.Ordinal)), Is.Empty);

    [TestCaseSource(Source)]
    public void Body_ReturnsNoStatusOrErrorReply(string file) =>
        Assert.That(Resolved(file), Does.Not.Contain("error_reply").And.Not.Contain("status_reply"));

    [Test]
    public void Library_ReadsEveryScript()
    {
        const BindingFlags Static =
            BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.DeclaredOnly;
        var scripts = Assembly.GetTypes().SelectMany(type => type.GetFields(Static))
            .Where(field => field.FieldType == typeof(RedisScript))
            .Select(field => ((RedisScript)field.GetValue(null)!).Name + ".lua");

        Assert.That(scripts, Is.EquivalentTo(FilesOf(Assembly).Where(file => !IsInclude(file))));
    }

    /// <summary>The comment lines at the top of a file.</summary>
    protected string Header(string file) => string.Join('\n', Lines(file).TakeWhile(IsComment));

    /// <summary>Whether other files include this one.</summary>
    protected bool IsInclude(string file) => FilesOf(Assembly).SelectMany(Lines).Contains($"--#include {Name(file)}");

    // Such a script uses keys or arguments by a computed index.
    private bool IsLooped(string file) => Regex.IsMatch(Resolved(file), @"(KEYS|ARGV)\[[^\d\]]|unpack\(ARGV");

    private string Resolved(string file) => RedisScript.Read(Assembly, Name(file)).Text;

    private IEnumerable<string> Body(string file) => Lines(file).SkipWhile(IsComment);

    private string[] Lines(string file)
    {
        using var reader = new StreamReader(Assembly.GetManifestResourceStream(file)!);
        return reader.ReadToEnd().Split('\n');
    }

    private static string Name(string file) => Path.GetFileNameWithoutExtension(file);

    private static bool IsComment(string line) => line.StartsWith("--", StringComparison.Ordinal);

    private static Func<int, bool> Named(string header, string array)
    {
        var ranges = Regex.Matches(header, array + @"\[(\d+)(\.\.(\d*))?\]").Select(match => (
            First: Number(match.Groups[1].Value),
            Last: !match.Groups[2].Success ? Number(match.Groups[1].Value)
                : match.Groups[3].Length == 0 ? int.MaxValue : Number(match.Groups[3].Value))).ToList();

        return index => ranges.Exists(range => index >= range.First && index <= range.Last);
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
