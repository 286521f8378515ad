using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Mirai.Queue;

namespace Mirai.Api.Requests;

/// <summary>Reads the text of fields. A field without a text is <see langword="null"/>, and so is a field with a wrong
/// text, which is added to the errors.</summary>
internal static partial class FieldValues
{
    private static readonly string[] TimeFormats =
        ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz"];

    /// <summary>A name that becomes part of keys and addresses: a brace would move a queue's keys to another slot, and
    /// a slash cannot stand in a path.</summary>
    public static string? Name(string field, string? text, FieldErrors errors, bool alsoSlash = false)
    {
        if (text is null || (alsoSlash ? NameOrSlash() : NameOnly()).IsMatch(text))
        {
            return text;
        }

        errors.Add(
            field,
            $"must have 1 to 128 characters: ASCII letters, digits and _ - . : @ + = , ~{(alsoSlash ? " /" : "")}, " +
            "the first a letter, a digit or _");
        return null;
    }

    /// <summary>Whether a text can be a name.</summary>
    public static bool IsName(string text) => NameOnly().IsMatch(text);

    /// <summary>Whether a text can be a name, or the beginning of one followed by <c>*</c>.</summary>
    public static bool IsPattern(string text, bool alsoSlash = false) => text is "*"
        || (alsoSlash ? NameOrSlash() : NameOnly()).IsMatch(text.EndsWith('*') ? text[..^1] : text);

    /// <summary>The id of something that is stored here.</summary>
    public static Guid? Id(string field, string? text, FieldErrors errors)
    {
        if (text is null || Guid.TryParse(text, out _))
        {
            return text is null ? null : Guid.Parse(text);
        }

        errors.Add(field, "must be an id such as \"01a2067c-24c9-77bc-af87-216154edee0d\"");
        return null;
    }

    /// <summary>A state, as Asynq names it.</summary>
    public static TaskState? State(string field, string? text, FieldErrors errors)
    {
        if (text is null)
        {
            return null;
        }

        foreach (var state in Enum.GetValues<TaskState>())
        {
            if (text == Word(state))
            {
                return state;
            }
        }

        errors.Add(field, $"must be one of {string.Join(", ", Enum.GetValues<TaskState>().Select(Word))}");
        return null;
    }

    /// <summary>A whole number.</summary>
    public static int? Number(string field, string? text, (int Least, int Most) range, FieldErrors errors)
    {
        if (text is null)
        {
            return null;
        }

        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            || number < range.Least || number > range.Most)
        {
            errors.Add(field, $"must be a whole number from {range.Least} to {range.Most}");
        }

        return number;
    }

    /// <summary>A Go duration, such as <c>1m30s</c>.</summary>
    public static TimeSpan? Duration(string field, string? text, TimeSpan minimum, FieldErrors errors)
    {
        if (text is null)
        {
            return null;
        }

        if (!GoDuration.TryParse(text, out var duration))
        {
            errors.Add(
                field,
                "must be a duration such as \"1m30s\", \"1.5h\" or \"500ms\" (units: h, m, s, ms, us, ns), " +
                "at most \"2562047h\"");
        }
        else if (duration < minimum)
        {
            errors.Add(field, $"must be at least {GoDuration.Format(minimum)}");
        }

        return duration;
    }

    /// <summary>A moment after 1970, in RFC 3339.</summary>
    public static DateTimeOffset? Time(string field, string? text, FieldErrors errors)
    {
        if (text is null)
        {
            return null;
        }

        if (!DateTimeOffset.TryParseExact(
            text, TimeFormats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
        {
            errors.Add(field, "must be a time such as \"2030-01-31T08:00:00Z\" or \"2030-01-31T08:00:00+02:00\"");
        }
        else if (time <= DateTimeOffset.UnixEpoch)
        {
            errors.Add(field, "must be after 1970-01-01T00:00:00Z");
        }

        return time;
    }

    /// <summary>When a task is due: at a moment, or some time from now.</summary>
    public static DateTimeOffset? DueTime(string? at, string? after, TimeProvider time, FieldErrors errors)
    {
        if (at is not null && after is not null)
        {
            errors.Add("processIn", "processAt and processIn exclude each other");
        }

        var moment = Time("processAt", at, errors);
        if (Duration("processIn", after, TimeSpan.Zero, errors) is not { } wait)
        {
            return moment;
        }

        var now = time.GetUtcNow();
        return wait < DateTimeOffset.MaxValue - now ? now + wait : DateTimeOffset.MaxValue;
    }

    /// <summary>A state in Asynq's words.</summary>
    public static string Word(TaskState state) => JsonNamingPolicy.CamelCase.ConvertName(state.ToString());

    [GeneratedRegex(@"^[A-Za-z0-9_][A-Za-z0-9_\-.:@+=,~]{0,127}\z", RegexOptions.CultureInvariant)]
    private static partial Regex NameOnly();

    [GeneratedRegex(@"^[A-Za-z0-9_][A-Za-z0-9_\-.:@+=,~/]{0,127}\z", RegexOptions.CultureInvariant)]
    private static partial Regex NameOrSlash();
}
