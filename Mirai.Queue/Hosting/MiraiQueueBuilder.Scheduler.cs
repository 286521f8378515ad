using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Mirai.Queue.Client;
using Mirai.Queue.Scheduler;
using Mirai.Queue.Store;
using Mirai.Queue.Telemetry;

namespace Mirai.Queue.Hosting;

/// <content>Periodic tasks.</content>
public sealed partial class MiraiQueueBuilder
{
    /// <summary>Adds a scheduler that starts and stops with the host. Every process may have one: each tick is
    /// enqueued once, whichever is first. Adding a periodic task adds it too.</summary>
    /// <returns>This builder.</returns>
    public MiraiQueueBuilder AddScheduler()
    {
        Services.AddOptions<QueueSchedulerOptions>(Name).ValidateOnStart();
        Services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IValidateOptions<QueueSchedulerOptions>, QueueSchedulerOptionsValidator>());
        Services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IValidateOptions<QueueSchedulerOptions>, SchedulerTimeZoneValidator>());
        Services.TryAddNamedHostedService(Name, CreateScheduler);
        Services.TryAddNamed<IQueueScheduler>(Name, services => services.GetNamed<QueueScheduler>(Name));
        return this;
    }

    /// <summary>Adds a scheduler that starts and stops with the host.</summary>
    /// <param name="configure">Its settings.</param>
    /// <returns>This builder.</returns>
    public MiraiQueueBuilder AddScheduler(Action<QueueSchedulerOptions> configure)
    {
        Services.AddOptions<QueueSchedulerOptions>(Name).Configure(configure);
        return AddScheduler();
    }

    /// <summary>Adds a scheduler with settings from configuration, for instance the section
    /// <c>Queue:Scheduler</c>.</summary>
    /// <param name="configuration">The section.</param>
    /// <returns>This builder.</returns>
    public MiraiQueueBuilder AddScheduler(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        Services.AddOptions<QueueSchedulerOptions>(Name).Bind(configuration);
        return AddScheduler();
    }

    /// <summary>Enqueues a task on a schedule. A spec that is not valid stops the program at start.</summary>
    /// <typeparam name="TPayload">A record with a <see cref="QueueTaskAttribute"/>.</typeparam>
    /// <param name="spec">When; see <see cref="PeriodicTask"/>.</param>
    /// <param name="payload">What the handler gets.</param>
    /// <param name="configure">Sets further properties, such as
    /// <c>task => task with { Overlap = OverlapPolicy.Skip }</c>.</param>
    /// <returns>This builder.</returns>
    public MiraiQueueBuilder AddPeriodicTask<TPayload>(
        string spec, TPayload payload, Func<PeriodicTask, PeriodicTask>? configure = null)
        where TPayload : notnull
    {
        ArgumentNullException.ThrowIfNull(payload);
        return AddProvider(services =>
        {
            var json = services.GetRequiredService<PayloadSerializer>().Serialize(payload);
            var payloadTask = new QueueTask(TaskPayload<TPayload>.Type, json, TaskPayload<TPayload>.Options);
            var task = new PeriodicTask(spec, payloadTask);

            return new FixedPeriodicTask(configure?.Invoke(task) ?? task);
        });
    }

    /// <summary>Enqueues a task on a schedule. One that is not valid stops the program at start.</summary>
    /// <param name="task">What and when.</param>
    /// <returns>This builder.</returns>
    public MiraiQueueBuilder AddPeriodicTask(PeriodicTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        return AddProvider(_ => new FixedPeriodicTask(task));
    }

    /// <summary>Enqueues the tasks that a section of the configuration names, one per child: its key is the name,
    /// which has no colons, its values are <c>Spec</c>, <c>Type</c>, <c>Payload</c> (text), <c>TimeZone</c>,
    /// <c>Missed</c>, <c>Overlap</c>, <c>Queue</c>, <c>MaxRetry</c>, <c>Timeout</c>, <c>UniqueFor</c> and
    /// <c>Retention</c>. Read again every <see cref="QueueSchedulerOptions.SyncInterval"/>. What is not valid stops
    /// the program at start.</summary>
    /// <param name="section">The section, for instance <c>Queue:Periodic</c>.</param>
    /// <returns>This builder.</returns>
    public MiraiQueueBuilder AddPeriodicTasks(IConfiguration section)
    {
        ArgumentNullException.ThrowIfNull(section);
        return AddProvider(_ => new ConfiguredPeriodicTasks(section));
    }

    /// <summary>Enqueues the tasks that a provider names, which is asked again at run time.</summary>
    /// <typeparam name="TProvider">The provider; one instance.</typeparam>
    /// <returns>This builder.</returns>
    public MiraiQueueBuilder AddPeriodicTaskProvider<
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TProvider>()
        where TProvider : class, IPeriodicTaskProvider
    {
        Services.Add(Name.Length == 0
            ? ServiceDescriptor.Singleton<IPeriodicTaskProvider, TProvider>()
            : ServiceDescriptor.KeyedSingleton<IPeriodicTaskProvider, TProvider>(Name));
        return AddScheduler();
    }

    private MiraiQueueBuilder AddProvider(Func<IServiceProvider, IPeriodicTaskProvider> create)
    {
        Services.AddNamed(Name, create);
        return AddScheduler();
    }

    private QueueScheduler CreateScheduler(IServiceProvider services)
    {
        var time = services.GetRequiredService<TimeProvider>();
        var loggers = services.GetRequiredService<ILoggerFactory>();
        var options = services.GetOptions<QueueSchedulerOptions>(Name);
        var store = services.GetNamed<ISchedulerStore>(Name);
        var sources = new PeriodicTaskSources(
            services.GetAllNamed<IPeriodicTaskProvider>(Name), store, options, time,
            loggers.CreateLogger<PeriodicTaskSources>());

        return new QueueScheduler(
            sources, store, options, services.GetRequiredService<QueueMetrics>(), time, loggers);
    }
}
