using System.ComponentModel.DataAnnotations;

namespace Mirai.Cache;

/// <summary>Beginnings of keys. Redis refuses to track two of which one begins with the other.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class PrefixesAttribute : ValidationAttribute
{
    public override bool IsValid(object? value) => value is IList<string> prefixes
        && prefixes.All(prefix => prefix.Length > 0)
        && !prefixes.Where((first, i) => prefixes.Skip(i + 1).Any(second => Overlap(first, second))).Any();

    public override string FormatErrorMessage(string name) => $"{name}: one is empty, or two of them begin alike.";

    private static bool Overlap(string first, string second) =>
        first.StartsWith(second, StringComparison.Ordinal) || second.StartsWith(first, StringComparison.Ordinal);
}
