using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Mirai.Queue.Client;
using Mirai.Queue.Server;
using Mirai.Queue.Server.Running;
using Mirai.Queue.Store;
using Mirai.Queue.Telemetry;

namespace Mirai.Queue.Hosting;

/// <content>The worker and its handlers.</content>
public sealed partial class MiraiQueueBuilder
{
    /// <summary>Adds a worker that starts and stops with the host, with settings from <c>QueueServerOptions</c> if the
    /// application configures them elsewhere.</summary>
    /// <returns>This builder.</returns>
    public MiraiQueueBuilder AddServer()
    {
        Services.AddOptions<QueueServerOptions>(Name).ValidateOnStart();
        Services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IValidateOptions<QueueServerOptions>, QueueServerOptionsValidator>());
        Services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IValidateOptions<QueueServerOptions>, QueueLimitsValidator>());
        Services.TryAddNamed(Name, CreateServices);
        Services.TryAddNamedHostedService(Name, CreateServer);
        Services.TryAddNamed<IQueueServer>(Name, services => services.GetNamed<QueueServer>(Name));
        Services.TryAddNamedHostedService(Name, CreateReload);
        return AddCheck();
    }

    /// <summary>Adds a worker that starts and stops with the host.</summary>
    /// <param name="configure">Its settings.</param>
    /// <returns>This builder.</returns>
    public MiraiQueueBuilder AddServer(Action<QueueServerOptions> configure)
    {
        Services.AddOptions<QueueServerOptions>(Name).Configure(configure);
        return AddServer();
    }

    /// <summary>Adds a worker with settings from configuration, for instance the section <c>Queue:Server</c>. When the
    /// configuration changes, the worker applies the new settings of queues and limits while it runs.</summary>
    /// <param name="configuration">The section. Names of queues and types may hold colons.</param>
    /// <returns>This builder.</returns>
    public MiraiQueueBuilder AddServer(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        Services.AddOptions<QueueServerOptions>(Name).Bind(configuration).Configure(options =>
        {
            ReadColonNames(configuration.GetSection(nameof(options.Queues)), options.Queues);
            ReadColonNames(configuration.GetSection(nameof(options.QueueLimits)), options.QueueLimits);
            ReadColonNames(configuration.GetSection(nameof(options.TypeLimits)), options.TypeLimits);
        });
        return AddServer();
    }

    /// <summary>Runs tasks of a payload type with a handler that is created for every task, in a scope of its own. A
    /// payload that is not valid JSON for the type ends the task without retries.</summary>
    /// <typeparam name="TPayload">A record with a <see cref="QueueTaskAttribute"/>.</typeparam>
    /// <typeparam name="THandler">The handler.</typeparam>
    /// <returns>This builder.</returns>
    public MiraiQueueBuilder AddHandler<
        TPayload, [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] THandler>()
        where TPayload : notnull
        where THandler : class, ITaskHandler<TPayload>
    {
        Services.TryAdd(Name.Length == 0
            ? ServiceDescriptor.Scoped<ITaskHandler<TPayload>, THandler>()
            : ServiceDescriptor.KeyedScoped<ITaskHandler<TPayload>, THandler>(Name));
        return Add(TaskPayload<TPayload>.Type, services => BuildTyped<TPayload>(services, Name));
    }

    /// <summary>Runs tasks of a type, or all types with this prefix, with a handler that is created for every task, in
    /// a scope of its own.</summary>
    /// <typeparam name="THandler">The handler.</typeparam>
    /// <param name="pattern">A task type, or the beginning of some; of several that fit, the longest wins.</param>
    /// <returns>This builder.</returns>
    public MiraiQueueBuilder AddHandler<
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] THandler>(
        string pattern)
        where THandler : class, ITaskHandler
    {
        Services.TryAddScoped<THandler>();
        return Add(
            pattern,
            _ => context => context.Services.GetRequiredService<THandler>()
                .HandleAsync(context, context.CancellationToken));
    }

    /// <summary>Runs tasks of a type, or all types with this prefix, with a function.</summary>
    /// <param name="pattern">A task type, or the beginning of some; of several that fit, the longest wins.</param>
    /// <param name="handler">The function.</param>
    /// <returns>This builder.</returns>
    public MiraiQueueBuilder AddHandler(
        string pattern, Func<TaskContext, CancellationToken, Task> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return Add(pattern, _ => context => handler(context, context.CancellationToken));
    }

    /// <summary>Aggregates groups: tasks with an <see cref="EnqueueOptions.Group"/> wait until their group is due by
    /// size, delay or grace period (<see cref="QueueServerOptions.GroupMaxSize"/> and the like), and are replaced by
    /// one task. Without an aggregator this worker leaves groups to others.</summary>
    /// <typeparam name="TAggregator">Created for every group that is due, in a scope of its own.</typeparam>
    /// <returns>This builder.</returns>
    /// <exception cref="InvalidOperationException">There is one already; it gets the tasks of all groups.</exception>
    public MiraiQueueBuilder AddAggregator<
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TAggregator>()
        where TAggregator : class, ITaskAggregator =>
        AddAggregator(Name.Length == 0
            ? ServiceDescriptor.Scoped<ITaskAggregator, TAggregator>()
            : ServiceDescriptor.KeyedScoped<ITaskAggregator, TAggregator>(Name));

    /// <summary>Aggregates groups with a function.</summary>
    /// <param name="aggregate">Gets the group's name and its tasks in the order in which they were added, and makes
    /// the task that takes their place; see <see cref="ITaskAggregator"/>.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="InvalidOperationException">There is an aggregator already.</exception>
    public MiraiQueueBuilder AddAggregator(Func<string, IReadOnlyList<TaskInfo>, QueueTask> aggregate)
    {
        ArgumentNullException.ThrowIfNull(aggregate);
        var aggregator = new DelegateAggregator(aggregate);
        return AddAggregator(Name.Length == 0
            ? ServiceDescriptor.Singleton<ITaskAggregator>(aggregator)
            : ServiceDescriptor.KeyedSingleton<ITaskAggregator>(Name, aggregator));
    }

    /// <summary>Wraps all handlers in a middleware. The middleware that is registered first is the
    /// outermost.</summary>
    /// <typeparam name="TMiddleware">The middleware; resolved for every attempt from the scope of that attempt, which
    /// the handler uses, too. A middleware that cannot be resolved stops the program at start.</typeparam>
    /// <returns>This builder.</returns>
    public MiraiQueueBuilder UseMiddleware<
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TMiddleware>()
        where TMiddleware : class, ITaskMiddleware
    {
        Services.TryAddScoped<TMiddleware>();
        Services.AddNamed(Name, _ => new MiddlewareRegistration(
            next => context => context.Services.GetRequiredService<TMiddleware>().InvokeAsync(context, next),
            typeof(TMiddleware)));
        return this;
    }

    /// <summary>Wraps all handlers in a function. The middleware that is registered first is the outermost.</summary>
    /// <param name="middleware">Receives the context and the rest of the pipeline.</param>
    /// <returns>This builder.</returns>
    public MiraiQueueBuilder UseMiddleware(Func<TaskContext, TaskPipeline, Task> middleware)
    {
        ArgumentNullException.ThrowIfNull(middleware);
        Services.AddNamed(Name, _ => new MiddlewareRegistration(next => context => middleware(context, next), null));
        return this;
    }

    /// <summary>Sets how long failed tasks of a type, or of all types that begin so, wait for their next attempt; it
    /// takes precedence over <see cref="QueueServerOptions.RetryDelay"/>.</summary>
    /// <param name="pattern">A task type, or the beginning of task types; of several that fit, the longest
    /// wins.</param>
    /// <param name="delay">Computes the pause; whole seconds count, and a negative pause means at once.</param>
    /// <returns>This builder.</returns>
    public MiraiQueueBuilder UseRetryDelay(string pattern, Func<RetryDelayArguments, TimeSpan> delay)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(pattern);
        ArgumentNullException.ThrowIfNull(delay);
        Services.AddNamed(Name, _ => new RetryDelayRegistration(pattern, delay));
        return this;
    }

    private MiraiQueueBuilder AddAggregator(ServiceDescriptor aggregator)
    {
        if (Services.HasNamed<ITaskAggregator>(Name))
        {
            throw new InvalidOperationException("There is an aggregator already; one gets the tasks of all groups.");
        }

        Services.Add(aggregator);
        return AddCheck();
    }

    private MiraiQueueBuilder AddCheck()
    {
        Services.TryAddNamedHostedService(Name, services => new RegistrationCheck(
            Services, Name, services.GetRequiredService<ILogger<RegistrationCheck>>()));
        return this;
    }

    private MiraiQueueBuilder Add(string pattern, Func<IServiceProvider, TaskPipeline> build)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(pattern);
        Services.AddNamed(Name, _ => new HandlerRegistration(pattern, build));
        return AddCheck();
    }

    private static TaskPipeline BuildTyped<TPayload>(IServiceProvider services, string name)
        where TPayload : notnull
    {
        var serializer = services.GetRequiredService<PayloadSerializer>();
        _ = serializer.Find<TPayload>(); // a missing context stops the program at start, not the first task

        return context =>
        {
            TPayload payload;
            try
            {
                payload = serializer.Deserialize<TPayload>(context.Payload.Span);
            }
            catch (JsonException exception)
            {
                throw new SkipRetryException(
                    $"The payload is no {typeof(TPayload).Name}: {exception.Message}", exception);
            }

            return context.Services.GetNamed<ITaskHandler<TPayload>>(name)
                .HandleAsync(payload, context, context.CancellationToken);
        };
    }

    private QueueServerServices CreateServices(IServiceProvider services) => new(
        services.GetNamed<IQueueStore>(Name),
        services.GetNamed<IGroupStore>(Name),
        services.GetRequiredService<IServiceScopeFactory>(),
        services.GetRequiredService<QueueMetrics>(),
        services.GetRequiredService<TimeProvider>(),
        services.GetRequiredService<ILoggerFactory>());

    private QueueServer CreateServer(IServiceProvider services)
    {
        var handlers = services.GetAllNamed<HandlerRegistration>(Name)
            .Select(handler => KeyValuePair.Create(handler.Pattern, handler.Build(services)));
        var delays = services.GetAllNamed<RetryDelayRegistration>(Name)
            .Select(registration => KeyValuePair.Create(registration.Pattern, registration.Delay));
        var middleware = services.GetAllNamed<MiddlewareRegistration>(Name).ToList();
        using (var scope = services.CreateScope())
        {
            // A dependency that is missing stops the program at start, not the first task.
            middleware.ForEach(registration => registration.Resolve(scope.ServiceProvider));
        }

        return new QueueServer(
            services.GetNamed<QueueServerServices>(Name),
            new QueueServerSetup(
                services.GetOptions<QueueServerOptions>(Name),
                new TaskRouter(handlers, [.. middleware.Select(registration => registration.Wrap)]),
                new PatternMap<Func<RetryDelayArguments, TimeSpan>>(delays),
                Services.HasNamed<ITaskAggregator>(Name) ? scope => scope.GetNamed<ITaskAggregator>(Name) : null));
    }

    private ServerReload CreateReload(IServiceProvider services) => new(
        services.GetNamed<QueueServer>(Name),
        Name,
        services.GetRequiredService<IOptionsFactory<QueueServerOptions>>(),
        services.GetServices<IOptionsChangeTokenSource<QueueServerOptions>>(),
        services.GetRequiredService<ILogger<ServerReload>>());

    // Names may hold colons, such as tenant:*. Configuration takes a colon for a step down, so the binder misses them.
    private static void ReadColonNames(IConfigurationSection section, IDictionary<string, int> into)
    {
        foreach (var (name, value) in section.AsEnumerable(makePathsRelative: true))
        {
            if (value is not null && name.Contains(ConfigurationPath.KeyDelimiter, StringComparison.Ordinal))
            {
                into[name] = int.TryParse(value, CultureInfo.InvariantCulture, out var number)
                    ? number
                    : throw new InvalidOperationException(
                        $"The value '{value}' at '{section.Path}:{name}' is not a whole number.");
            }
        }
    }

    private sealed class DelegateAggregator(Func<string, IReadOnlyList<TaskInfo>, QueueTask> function) : ITaskAggregator
    {
        public Task<QueueTask> AggregateAsync(
            string group, IReadOnlyList<TaskInfo> tasks, CancellationToken cancellationToken) =>
            Task.FromResult(function(group, tasks));
    }
}
