using Microsoft.Extensions.Logging;
using Mirai.Queue.Store;

namespace Mirai.Queue.Scheduler;

/// <summary>Asks the providers for their periodic tasks. While the answer of a provider cannot be used, its last one
/// stays in force.</summary>
internal sealed partial class PeriodicTaskSources(
    IEnumerable<IPeriodicTaskProvider> providers, ISchedulerStore store, QueueSchedulerOptions options,
    TimeProvider time, ILogger<PeriodicTaskSources> logger)
{
    private readonly IPeriodicTaskProvider[] providers = [.. providers];
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

        return AllOf(answers);
    }

    /// <summary>Asks again at run time. Throws nothing but the cancellation.</summary>
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

        return AllOf(answers);
    }

    private async Task<IReadOnlyList<PeriodicEntry>> AskAsync(
        IPeriodicTaskProvider provider, CancellationToken cancellationToken)
    {
        var zone = CronSpec.FindZone(options.TimeZone);
        var now = time.GetUtcNow();
        var tasks = await provider.GetAsync(cancellationToken).ConfigureAwait(false);

        return [.. tasks.Select(task => PeriodicEntry.Create(task, zone, store, now))];
    }

    private static void RefuseTwins(IEnumerable<IReadOnlyList<PeriodicEntry>> answers)
    {
        if (AllOf(answers).GroupBy(entry => entry.Key).FirstOrDefault(group => group.Count() > 1) is { } twins)
        {
            var entry = twins.First();
            throw new InvalidOperationException(
                $"The periodic task '{entry.Task.Name ?? entry.Task.Task.Type}' with the spec '{entry.Task.Spec}' " +
                "occurs twice in one queue: give each of the two a different Name.");
        }
    }

    private static List<PeriodicEntry> AllOf(IEnumerable<IReadOnlyList<PeriodicEntry>> answers) =>
        [.. answers.SelectMany(answer => answer)];

    [LoggerMessage(Level = LogLevel.Error,
        Message = "Provider {Provider} returned periodic tasks that are not valid, or failed. Mirai keeps its " +
            "previous ones. Correct the provider or its configuration")]
    private static partial void LogKept(ILogger logger, string provider, Exception exception);
}
