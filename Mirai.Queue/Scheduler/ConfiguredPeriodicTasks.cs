using System.Text;
using Microsoft.Extensions.Configuration;

namespace Mirai.Queue.Scheduler;

/// <summary>Periodic tasks from configuration, one per child of a section: its key is the name.</summary>
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
