using System.Text;
using Microsoft.Extensions.Configuration;

namespace Mirai.Queue.Scheduler;

/// <summary>The provider of one periodic task that the code names.</summary>
internal sealed class FixedPeriodicTask(PeriodicTask task) : IPeriodicTaskProvider
{
    public ValueTask<IReadOnlyCollection<PeriodicTask>> GetAsync(CancellationToken cancellationToken) => new([task]);
}

/// <summary>The provider of periodic tasks from configuration, one per child of a section: its key is the
/// name.</summary>
internal sealed class ConfiguredPeriodicTasks(IConfiguration section) : IPeriodicTaskProvider
{
    public ValueTask<IReadOnlyCollection<PeriodicTask>> GetAsync(CancellationToken cancellationToken) =>
        new([.. section.GetChildren().Select(Read)]);

    private static PeriodicTask Read(IConfigurationSection child)
    {
        var settings = Bind(child);
        var payload = settings.Payload is { } text ? Encoding.UTF8.GetBytes(text) : null;

        return new PeriodicTask(
            Required(child, nameof(settings.Spec), settings.Spec),
            new QueueTask(Required(child, nameof(settings.Type), settings.Type), payload is null
                ? null : new(payload)))
        {
            Name = child.Key,
            TimeZone = settings.TimeZone,
            Missed = settings.Missed,
            Overlap = settings.Overlap,
            Options = new EnqueueOptions
            {
                Queue = settings.Queue,
                MaxRetry = settings.MaxRetry,
                Timeout = settings.Timeout,
                UniqueFor = settings.UniqueFor,
                Retention = settings.Retention,
            },
        };
    }

    private static PeriodicTaskSettings Bind(IConfigurationSection child)
    {
        var settings = new PeriodicTaskSettings();
        try
        {
            child.Bind(settings, binder => binder.ErrorOnUnknownConfiguration = true);
            return settings;
        }
        catch (InvalidOperationException exception)
        {
            throw new InvalidOperationException(
                $"The periodic task '{child.Key}' at '{child.Path}' cannot be read: {exception.Message}", exception);
        }
    }

    private static string Required(IConfigurationSection child, string name, string? value) =>
        !string.IsNullOrWhiteSpace(value)
            ? value
            : throw new InvalidOperationException(
                $"The periodic task '{child.Key}' has no {name} at '{child.Path}:{name}'.");
}

/// <summary>A periodic task as configuration spells it.</summary>
internal sealed class PeriodicTaskSettings
{
    public string? Spec { get; set; }

    public string? Type { get; set; }

    /// <summary>The payload as text, JSON for instance; stored as UTF-8.</summary>
    public string? Payload { get; set; }

    public string? TimeZone { get; set; }

    public MissedTickPolicy Missed { get; set; }

    public OverlapPolicy Overlap { get; set; }

    public string? Queue { get; set; }

    public int? MaxRetry { get; set; }

    public TimeSpan? Timeout { get; set; }

    public TimeSpan? UniqueFor { get; set; }

    public TimeSpan? Retention { get; set; }
}
