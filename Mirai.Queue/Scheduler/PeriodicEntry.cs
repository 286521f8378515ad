using System.Collections.ObjectModel;
using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Mirai.Queue.Store;
using Mirai.Queue.Wire;

namespace Mirai.Queue.Scheduler;

/// <summary>A periodic task that was validated.</summary>
internal sealed class PeriodicEntry
{
    private readonly IReadOnlyList<string> optionTexts;
    private readonly ISchedulerStore store;

    private PeriodicEntry(PeriodicTask task, TimeZoneInfo zone, ISchedulerStore store)
    {
        this.store = store;
        Task = task;
        Options = task.Task.Options.With(task.Options);
        optionTexts = EnqueueOptionText.Of(Options);
        Spec = task.TimeZone is null ? task.Spec : $"CRON_TZ={task.TimeZone} {task.Spec}";
        Schedule = CronSpec.Parse(Spec, zone);
        ZonedSpec = CronSpec.HasZone(Spec) ? Spec : $"CRON_TZ={zone.Id} {Spec}";
        Key = new PeriodicKey(
            Options.Queue ?? EnqueueOptions.DefaultQueue,
            task.Name ?? $"{task.Task.Type}:{Digest(ZonedSpec, Payload)}");
        Signature = Sign();
    }

    /// <summary>The id that inspectors show, drawn anew for every registration as in Asynq.</summary>
    public string Id { get; } = Guid.NewGuid().ToString();

    public PeriodicTask Task { get; }

    /// <summary>What the task is enqueued with.</summary>
    public EnqueueOptions Options { get; }

    /// <summary>The spec as inspectors show it.</summary>
    public string Spec { get; }

    /// <summary>The spec with its time zone in any case.</summary>
    public string ZonedSpec { get; }

    public CronSpec Schedule { get; }

    /// <summary>By which all schedulers recognize the periodic task.</summary>
    public PeriodicKey Key { get; }

    /// <summary>Everything that the entry's ticks depend on. An entry whose signature stays the same goes on when the
    /// periodic tasks are read again.</summary>
    public string Signature { get; }

    private ReadOnlyMemory<byte> Payload => Task.Task.Payload ?? ReadOnlyMemory<byte>.Empty;

    /// <exception cref="InvalidOperationException">The periodic task is not valid; the message says what is
    /// wrong.</exception>
    public static PeriodicEntry Create(
        PeriodicTask task, TimeZoneInfo zone, ISchedulerStore store, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(task);
        try
        {
            Check(task);
            var entry = new PeriodicEntry(task, zone, store);
            if (entry.Schedule.Fault(now) is { } fault)
            {
                throw new FormatException(fault);
            }

            _ = entry.NewTask(now); // throws for options that no tick could be enqueued with
            return entry;
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException)
        {
            throw new InvalidOperationException(
                $"The periodic task '{task.Name ?? task.Task?.Type}' with the spec '{task.Spec}' is not valid: "
                + exception.Message,
                exception);
        }
    }

    /// <summary>A task to be enqueued for a tick.</summary>
    public NewTask NewTask(DateTimeOffset now) => store.CreateTask(Task.Task, Options, now);

    /// <summary>The entry as Redis keeps it.</summary>
    public SchedulerEntry ToMessage(EntryTimes times) => new()
    {
        Id = Id,
        Spec = Spec,
        TaskType = Task.Task.Type,
        TaskPayload = UnsafeByteOperations.UnsafeWrap(Payload),
        EnqueueOptions = { optionTexts },
        NextEnqueueTime = ToTimestamp(times.Next),
        PrevEnqueueTime = ToTimestamp(times.Previous),
    };

    private string Sign() => string.Join('\n', [
        Key.Queue, Key.Name, ZonedSpec, Task.Task.Type, Convert.ToBase64String(Payload.Span),
        $"{Task.Missed} {Task.Overlap}",
        .. optionTexts, "headers:",
        .. (Options.Headers ?? ReadOnlyDictionary<string, string>.Empty)
            .Select(header => $"{header}").Order(StringComparer.Ordinal),
    ]);

    private static void Check(PeriodicTask task)
    {
        ArgumentNullException.ThrowIfNull(task.Spec);
        ArgumentNullException.ThrowIfNull(task.Task);
        if (task.Name is not null && string.IsNullOrWhiteSpace(task.Name))
        {
            throw new ArgumentException("Its name must contain more than white space.");
        }

        if (task.TimeZone is not null && CronSpec.HasZone(task.Spec))
        {
            throw new ArgumentException("It has two time zones: leave TimeZone out, or the one in the spec.");
        }

        if (!System.Enum.IsDefined(task.Missed) || !System.Enum.IsDefined(task.Overlap))
        {
            throw new ArgumentException("Missed and Overlap must be values that their enums define.");
        }
    }

    private static string Digest(string spec, ReadOnlyMemory<byte> payload) =>
        Convert.ToHexStringLower(SHA256.HashData([.. Encoding.UTF8.GetBytes(spec), 0, .. payload.Span]).AsSpan(0, 16));

    // "Never" is the first year: Go's zero time, and .NET's.
    private static Timestamp ToTimestamp(DateTimeOffset? time) =>
        Timestamp.FromDateTimeOffset(time ?? DateTimeOffset.MinValue);
}
