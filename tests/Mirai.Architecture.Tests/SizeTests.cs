using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Mirai.Architecture.Tests;

/// <summary>Files and methods stay as small as docs/architecture.md says.</summary>
internal sealed class SizeTests
{
    private static readonly List<(string Name, int Lines)> Files =
        [.. Sources().Select(file => (Relative(file), File.ReadLines(file).Count()))];

    private static readonly List<(string Name, int Lines)> Methods = [.. Sources().SelectMany(MethodsOf)];

    [Test]
    public void Files_StayReadable()
    {
        Assert.That(Files.Where(file => file.Lines > 400), Is.Empty);
        Assert.That(Files.Count(file => file.Lines > 200), Is.LessThanOrEqualTo(Files.Count / 10));
    }

    [Test]
    public void Methods_StayReadable()
    {
        Assert.That(Methods.Where(method => method.Lines > 60), Is.Empty);
        Assert.That(Methods.Count(method => method.Lines > 30), Is.LessThanOrEqualTo(Methods.Count / 10));
    }

    [Test]
    public void Queue_IsFewFiles()
    {
        var lengths = SourceTree.Find("Mirai.Queue").Sources.Select(file => File.ReadLines(file).Count()).ToList();

        Assert.That(lengths, Has.Count.LessThanOrEqualTo(170));
        Assert.That(lengths.Count(lines => lines <= 15), Is.LessThanOrEqualTo(20));
    }

    [Test]
    public void PublicSurfaceOfTheQueue_IsWhatAUserNeeds()
    {
        var surface = File.ReadLines(Path.Combine(SourceTree.Root, "Mirai.Queue", "PublicAPI.Unshipped.txt"));

        Assert.That(surface.Count(), Is.LessThan(500));
    }

    [Test]
    public void LuaScripts_AreShort()
    {
        var scripts = Directory.EnumerateFiles(SourceTree.Root, "*.lua", SearchOption.AllDirectories)
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}bin{Path.DirectorySeparatorChar}", StringComparison.Ordinal));

        Assert.That(scripts.Where(file => CodeLines(file) >= 40).Select(Relative), Is.Empty);
    }

    private static int CodeLines(string script) => File.ReadLines(script)
        .Count(line => line.Trim() is { Length: > 0 } text && !text.StartsWith("--", StringComparison.Ordinal));

    private static IEnumerable<string> Sources() => SourceTree.Products.SelectMany(project => project.Sources);

    private static string Relative(string file) => Path.GetRelativePath(SourceTree.Root, file);

    private static IEnumerable<(string Name, int Lines)> MethodsOf(string file) => CSharpSyntaxTree
        .ParseText(File.ReadAllText(file)).GetRoot().DescendantNodes()
        .Where(node => node is BaseMethodDeclarationSyntax or LocalFunctionStatementSyntax or AccessorDeclarationSyntax)
        .Select(node => ($"{Relative(file)}: {NameOf(node)}", LinesOf(node)));

    private static string NameOf(SyntaxNode node) => node switch
    {
        MethodDeclarationSyntax method => method.Identifier.Text,
        LocalFunctionStatementSyntax function => function.Identifier.Text,
        ConstructorDeclarationSyntax constructor => constructor.Identifier.Text,
        _ => node.Kind().ToString(),
    };

    private static int LinesOf(SyntaxNode node)
    {
        var span = node.GetLocation().GetLineSpan();
        return span.EndLinePosition.Line - span.StartLinePosition.Line + 1;
    }
}
