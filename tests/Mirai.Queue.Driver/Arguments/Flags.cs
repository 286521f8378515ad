using System.Globalization;

namespace Mirai.Queue.Driver.Arguments;

/// <summary>A command line as Go's flag package reads it: <c>-name value</c>, <c>-name=value</c>, one or two dashes,
/// the last of several counts.</summary>
internal sealed class Flags
{
    private readonly List<KeyValuePair<string, string>> given = [];

    private Flags()
    {
    }

    /// <exception cref="FlagException">A flag is unknown or has no value, or an argument is no flag.</exception>
    public static Flags Parse(IReadOnlyList<string> args, FlagNames names)
    {
        var flags = new Flags();
        for (var i = 0; i < args.Count; i++)
        {
            var (name, value) = Split(args[i]);
            if (names.Switches.Contains(name))
            {
                flags.Add(name, value ?? "true");
            }
            else if (!names.Values.Contains(name))
            {
                throw new FlagException($"unknown flag -{name}");
            }
            else
            {
                flags.Add(name, value ?? args.ElementAtOrDefault(++i)
                    ?? throw new FlagException($"flag -{name} needs a value"));
            }
        }

        return flags;
    }

    public bool IsSet(string name) => given.Exists(flag => flag.Key == name);

    public IReadOnlyList<string> All(string name) =>
        given.FindAll(flag => flag.Key == name).ConvertAll(flag => flag.Value);

    public string? Text(string name) => given.FindLast(flag => flag.Key == name).Value;

    public bool Switch(string name) => Text(name) switch
    {
        null or "false" or "0" => false,
        "true" or "1" => true,
        var other => throw Wrong(name, other, "true or false"),
    };

    public int? Number(string name) => Text(name) switch
    {
        null => null,
        var text when int.TryParse(
            text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) => number,
        var text => throw Wrong(name, text, "a number"),
    };

    /// <summary>A number of things to do, at least one.</summary>
    public int Count(string name, int standard) => Number(name) switch
    {
        null => standard,
        < 1 => throw Wrong(name, Text(name)!, "a number above zero"),
        var number => number.Value,
    };

    public TimeSpan? Duration(string name) => Text(name) switch
    {
        null => null,
        var text when GoDuration.TryParse(text, out var duration) => duration,
        var text => throw Wrong(name, text, "a duration such as 1.5s, 100ms or 1h30m"),
    };

    /// <summary>A moment: RFC 3339 or Unix seconds.</summary>
    public DateTimeOffset? Time(string name) => Text(name) switch
    {
        null => null,
        var text when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seconds)
            && seconds >= DateTimeOffset.MinValue.ToUnixTimeSeconds()
            && seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds() => DateTimeOffset.FromUnixTimeSeconds(seconds),
        var text when DateTimeOffset.TryParseExact(
            text, ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"], CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal, out var time) => time,
        var text => throw Wrong(name, text, "RFC 3339 or Unix seconds"),
    };

    /// <exception cref="FlagException">More than one of the flags is given.</exception>
    public void Exclude(params IReadOnlyList<string> names)
    {
        var both = names.Where(IsSet).Take(2).ToList();
        if (both.Count == 2)
        {
            throw new FlagException($"flags -{both[0]} and -{both[1]} exclude each other");
        }
    }

    public static FlagException Wrong(string name, string value, string expected) =>
        new($"flag -{name} must be {expected}, not \"{value}\"");

    private static (string Name, string? Value) Split(string argument)
    {
        var dashes = argument.StartsWith("--", StringComparison.Ordinal) ? 2 : 1;
        if (!argument.StartsWith('-') || argument.Length == dashes)
        {
            throw new FlagException($"\"{argument}\" is no flag");
        }

        var name = argument[dashes..];
        var equals = name.IndexOf('=');
        return equals < 0 ? (name, null) : (name[..equals], name[(equals + 1)..]);
    }

    private void Add(string name, string value) => given.Add(KeyValuePair.Create(name, value));
}
