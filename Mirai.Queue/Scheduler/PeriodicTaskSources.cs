using Microsoft.Extensions.Logging;

namespace Mirai.Queue.Scheduler;

/// <summary>Asks the providers for their periodic tasks, and keeps to what they said last when an answer cannot be
/// used.</summary>
internal sealed partial class PeriodicTaskSources(
    IEnumerable<IPeriodicTaskProvider> providers, SchedulerServices services)
{
    private readonly IPeriodicTaskProvider[] providers = [.. providers];
    private readonly ILogger logger = services.Loggers.CreateLogger<PeriodicTaskSources>();
    private IReadOnlyList<PeriodicEntry>[] answers = [];

    /// <summary>Asks at start.</summary>
    /// <exception cref="InvalidOperationException">A periodic task is not valid, or there twice; the message names
    /// it.</exception>
    public async Task<IReadOnlyList<PeriodicEntry>> LoadAsync(CancellationToken cancellationToken)
    {
        var loaded = new List<IReadOnlyList<PeriodicEntry>>();
        foreach (var provider in providers)
        {
            loaded.Add(await AskAsync(provider, cancellationToken).ConfigureAwait(false));
        }

        answers = [.. loaded];
        RefuseTwins(answers);

        return Together(answers);
    }

    /// <summary>Asks again at run time. Never throws but for the token.</summary>
    public async Task<IReadOnlyList<PeriodicEntry>> ReloadAsync(CancellationToken cancellationToken)
    {
        for (var i = 0; i < providers.Length; i++)
        {
            try
            {
                IReadOnlyList<PeriodicEntry>[] changed = [.. answers];
                changed[i] = await AskAsync(providers[i], cancellationToken).ConfigureAwait(false);
                RefuseTwins(changed);
                answers = changed;
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                LogKept(logger, providers[i].GetType().Name, exception);
            }
        }

        return Together(answers);
    }

    private async Task<IReadOnlyList<PeriodicEntry>> AskAsync(
        IPeriodicTaskProvider provider, CancellationToken cancellationToken)
    {
        var zone = CronSchedule.FindZone(services.Options.TimeZone);
        var now = services.Time.GetUtcNow();
        var tasks = await provider.GetAsync(cancellationToken).ConfigureAwait(false);

        return [.. tasks.Select(task => PeriodicEntry.Create(task, zone, services.Store, now))];
    }

    private static void RefuseTwins(IEnumerable<IReadOnlyList<PeriodicEntry>> answers)
    {
        if (Together(answers).GroupBy(entry => entry.Key).FirstOrDefault(group => group.Count() > 1) is { } twins)
        {
            var entry = twins.First();
            throw new InvalidOperationException(
                $"The periodic task '{entry.Task.Name ?? entry.Task.Task.Type}' with the spec '{entry.Task.Spec}' " +
                "is there "
                + "twice in one queue: give both a name of their own.");
        }
    }

    private static List<PeriodicEntry> Together(IEnumerable<IReadOnlyList<PeriodicEntry>> answers) =>
        [.. answers.SelectMany(answer => answer)];

    [LoggerMessage(Level = LogLevel.Error,
        Message = "What {Provider} says now cannot be used; the periodic tasks it named before stay")]
    private static partial void LogKept(ILogger logger, string provider, Exception exception);
}
