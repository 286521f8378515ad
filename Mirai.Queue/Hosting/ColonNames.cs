using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Mirai.Queue.Hosting;

/// <summary>Reads numbers by name where names hold colons, such as <c>tenant:*</c>: configuration takes a colon for a
/// step down, and the binder would miss them.</summary>
internal static class ColonNames
{
    /// <exception cref="InvalidOperationException">A value is no whole number; the message says where.</exception>
    public static void Read(IConfigurationSection section, IDictionary<string, int> into)
    {
        foreach (var (name, value) in section.AsEnumerable(makePathsRelative: true))
        {
            if (value is not null && name.Contains(ConfigurationPath.KeyDelimiter, StringComparison.Ordinal))
            {
                into[name] = int.TryParse(value, CultureInfo.InvariantCulture, out var number)
                    ? number
                    : throw new InvalidOperationException($"'{value}' at '{section.Path}:{name}' is no whole number.");
            }
        }
    }
}
