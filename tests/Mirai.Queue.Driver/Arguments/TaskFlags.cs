using System.Globalization;
using System.Text;

namespace Mirai.Queue.Driver.Arguments;

/// <summary>Tasks by the task flags. Only options whose flag is given are set.</summary>
internal sealed class TaskFlags
{
    private const string IndexMark = "{i}";

    public static readonly IReadOnlyList<string> Names =
    [
        "type", .. PayloadFlags.Names, "queue", "max-retry", "timeout", "deadline", "unique", "task-id", "process-in",
        "process-at", "retention", "group", "header",
    ];

    private readonly string type;
    private readonly byte[]? payload;
    private readonly EnqueueOptions options;

    private TaskFlags(string type, byte[]? payload, EnqueueOptions options)
    {
        this.type = type;
        this.payload = payload;
        this.options = options;
    }

    public static TaskFlags Read(Flags flags) => new(
        flags.Text("type") ?? throw new FlagException("flag -type is missing"),
        PayloadFlags.Read(flags),
        new EnqueueOptions
        {
            Queue = flags.Text("queue"),
            MaxRetry = flags.Number("max-retry"),
            Timeout = flags.Duration("timeout"),
            Deadline = flags.Time("deadline"),
            UniqueFor = flags.Duration("unique"),
            TaskId = flags.Text("task-id"),
            ProcessIn = flags.Duration("process-in"),
            ProcessAt = flags.Time("process-at"),
            Retention = flags.Duration("retention"),
            Group = flags.Text("group"),
            Headers = flags.IsSet("header") ? Headers(flags) : null,
        });

    /// <summary>The task.</summary>
    /// <exception cref="ArgumentException">The library refuses the type.</exception>
    public QueueTask Create() => new(type, Memory(payload), options);

    /// <summary>The task, again and again: its options are those of the registration.</summary>
    /// <exception cref="ArgumentException">The library refuses the type.</exception>
    public PeriodicTask CreatePeriodic(string spec) =>
        new(spec, new QueueTask(type, Memory(payload))) { Options = options };

    /// <summary>The task of a number of them: <c>{i}</c> in type, payload and id stands for its index.</summary>
    /// <exception cref="ArgumentException">The library refuses the type.</exception>
    public QueueTask Create(int index)
    {
        var digits = index.ToString(CultureInfo.InvariantCulture);
        return new QueueTask(
            type.Replace(IndexMark, digits, StringComparison.Ordinal),
            Memory(payload is null ? null : Replace(payload, digits)),
            options with { TaskId = options.TaskId?.Replace(IndexMark, digits, StringComparison.Ordinal) });
    }

    // Bytes and not text: a payload need not be text.
    private static byte[] Replace(byte[] payload, string digits)
    {
        ReadOnlySpan<byte> rest = payload, mark = "{i}"u8;
        if (rest.IndexOf(mark) < 0)
        {
            return payload;
        }

        var replaced = new List<byte>(payload.Length);
        for (var at = rest.IndexOf(mark); at >= 0; at = rest.IndexOf(mark))
        {
            replaced.AddRange(rest[..at]);
            replaced.AddRange(Encoding.ASCII.GetBytes(digits));
            rest = rest[(at + mark.Length)..];
        }

        replaced.AddRange(rest);
        return [.. replaced];
    }

    private static Dictionary<string, string> Headers(Flags flags)
    {
        var headers = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var header in flags.All("header"))
        {
            var parts = header.Split('=', 2);
            headers[parts[0]] = parts.Length == 2 ? parts[1] : throw Flags.Wrong("header", header, "key=value");
        }

        return headers;
    }

    // Null by itself, an array's or not, converts to an empty payload, which has another uniqueness lock than none.
    private static ReadOnlyMemory<byte>? Memory(byte[]? bytes) =>
        bytes is null ? default(ReadOnlyMemory<byte>?) : bytes;
}
