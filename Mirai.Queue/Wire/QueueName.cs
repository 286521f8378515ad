using System.Text;

namespace Mirai.Queue.Wire;

/// <summary>The names that a queue can have where tasks enter it: a queue that no server can serve, or that no script
/// can reach, must not get any. The inspector takes other names too, because Go creates such queues.</summary>
internal static class QueueName
{
    /// <summary>Most characters of a name, which is a part of every key of its queue.</summary>
    public const int MostCharacters = 256;

    private const char Star = '*';
    private const int MostShown = 64;

    /// <summary>Why no queue can have the name: words that follow the name in a sentence; <see langword="null"/> for a
    /// name that a queue can have.</summary>
    public static string? Fault(string name) => string.IsNullOrWhiteSpace(name)
        ? "must contain more than white space"
        : name.Contains(Star, StringComparison.Ordinal)
            ? "has a star, which stands for many queues: no server serves a queue with this name"
            : CommonFault(name);

    /// <summary>Why the settings of a server cannot have the entry, which is a name or a pattern such as
    /// <c>tenant:*</c>. A blank entry is accepted: a server ignores it, as Asynq's does.</summary>
    public static string? EntryFault(string entry) =>
        entry.IndexOf(Star, StringComparison.Ordinal) is var star && star >= 0 && star < entry.Length - 1
            ? "has a star that is not at its end"
            : CommonFault(entry);

    /// <summary>The name of a queue that tasks can enter.</summary>
    /// <exception cref="ArgumentException">No queue can have the name; the message says why.</exception>
    public static string Check(string name, string field) => Fault(name) is not { } fault
        ? name
        : throw new ArgumentException(
            $"{field} '{Show(name)}' {fault}. The name of a queue has 1 to {MostCharacters} characters, none of them a "
            + "star or a control character, and does not begin with '}'.",
            field);

    // The keys of queue "x" have the hash tag {x}. In "asynq:{}x}:pending" the tag is empty: then a Redis Cluster
    // puts each key of the queue into another slot.
    private static string? CommonFault(string name) => name switch
    {
        { Length: > MostCharacters } => $"has {name.Length} characters",
        ['}', ..] => "begins with '}', so that no script can reach its keys on a Redis Cluster",
        _ when name.Any(char.IsControl) => "has a control character",
        _ => null,
    };

    private static string Show(string name)
    {
        var text = new StringBuilder(name.Length > MostShown ? $"{name.AsSpan(0, MostShown)}…" : name);
        for (var i = 0; i < text.Length; i++)
        {
            text[i] = char.IsControl(text[i]) ? '\ufffd' : text[i];
        }

        return text.ToString();
    }
}
