using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Mirai.Queue.Client;
using Mirai.Queue.Server;
using Mirai.Queue.Server.Running;
using StackExchange.Redis;

namespace Mirai.Queue.Hosting;

/// <summary>Adds to what <c>AddMiraiQueue</c> registered: payload types, and a worker with its handlers.</summary>
public sealed partial class MiraiQueueBuilder
{
    internal MiraiQueueBuilder(IServiceCollection services) => Services = services;

    /// <summary>The application's services.</summary>
    public IServiceCollection Services { get; }

    /// <summary>Makes payload types known. The first context that knows a type serializes it, with its own
    /// options.</summary>
    /// <param name="context">A source-generated context, for instance <c>MyJsonContext.Default</c>.</param>
    /// <returns>This builder.</returns>
    public MiraiQueueBuilder AddJsonContext(JsonSerializerContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        Services.AddSingleton(context);
        return this;
    }

    /// <summary>Uses a connection of the application's instead of one by <see cref="QueueOptions.RedisUrl"/>. The
    /// application closes it.</summary>
    /// <param name="connect">Opens or finds the connection; called at the first use, and again if it failed.</param>
    /// <returns>This builder.</returns>
    public MiraiQueueBuilder UseConnection(Func<IServiceProvider, Task<IConnectionMultiplexer>> connect)
    {
        ArgumentNullException.ThrowIfNull(connect);
        Services.Replace(ServiceDescriptor.Singleton(
            services => new RedisConnection(() => connect(services), isOwned: false)));
        return this;
    }

    /// <summary>Adds a worker that starts and stops with the host, with settings from <c>QueueServerOptions</c> if the
    /// application configures them elsewhere.</summary>
    /// <returns>This builder.</returns>
    public MiraiQueueBuilder AddServer()
    {
        Services.AddOptions<QueueServerOptions>().ValidateOnStart();
        Services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IValidateOptions<QueueServerOptions>, QueueServerOptionsValidator>());
        Services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IValidateOptions<QueueServerOptions>, QueueLimitsValidator>());
        Services.TryAddSingleton<QueueServerServices>();
        Services.TryAddSingleton(CreateServer);
        Services.TryAddSingleton<IQueueServer>(services => services.GetRequiredService<QueueServer>());
        Services.AddSingleton<IHostedService>(services => services.GetRequiredService<QueueServer>());
        Services.AddHostedService<ServerReload>();
        return this;
    }

    /// <summary>Adds a worker that starts and stops with the host.</summary>
    /// <param name="configure">Its settings.</param>
    /// <returns>This builder.</returns>
    public MiraiQueueBuilder AddServer(Action<QueueServerOptions> configure)
    {
        Services.AddOptions<QueueServerOptions>().Configure(configure);
        return AddServer();
    }

    /// <summary>Adds a worker with settings from configuration, for instance the section <c>Queue:Server</c>. When the
    /// configuration changes, the worker takes over what it says about queues and limits while it runs.</summary>
    /// <param name="configuration">The section. Names of queues and types may hold colons.</param>
    /// <returns>This builder.</returns>
    public MiraiQueueBuilder AddServer(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        Services.AddOptions<QueueServerOptions>().Bind(configuration).Configure(options =>
        {
            ColonNames.Read(configuration.GetSection(nameof(options.Queues)), options.Queues);
            ColonNames.Read(configuration.GetSection(nameof(options.QueueLimits)), options.QueueLimits);
            ColonNames.Read(configuration.GetSection(nameof(options.TypeLimits)), options.TypeLimits);
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
        Services.TryAddScoped<ITaskHandler<TPayload>, THandler>();
        return Add(TaskPayload<TPayload>.Type, BuildTyped<TPayload>);
    }

    /// <summary>Runs tasks of a type, or all whose type begins so, with a handler that is created for every task, in a
    /// scope of its own.</summary>
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

    /// <summary>Runs tasks of a type, or all whose type begins so, with a function.</summary>
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
        AddAggregator(ServiceDescriptor.Scoped<ITaskAggregator, TAggregator>());

    /// <summary>Aggregates groups with a function.</summary>
    /// <param name="aggregate">Gets the group's name and its tasks in the order in which they were added, and makes
    /// the task that takes their place; see <see cref="ITaskAggregator"/>.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="InvalidOperationException">There is an aggregator already.</exception>
    public MiraiQueueBuilder AddAggregator(Func<string, IReadOnlyList<TaskInfo>, QueueTask> aggregate)
    {
        ArgumentNullException.ThrowIfNull(aggregate);
        return AddAggregator(ServiceDescriptor.Singleton<ITaskAggregator>(new DelegateAggregator(aggregate)));
    }

    /// <summary>Wraps all handlers in a middleware. The middleware that is registered first is the
    /// outermost.</summary>
    /// <typeparam name="TMiddleware">The middleware; resolved for every attempt from the scope of that attempt, which
    /// the handler uses, too.</typeparam>
    /// <returns>This builder.</returns>
    public MiraiQueueBuilder UseMiddleware<
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TMiddleware>()
        where TMiddleware : class, ITaskMiddleware
    {
        Services.TryAddScoped<TMiddleware>();
        return UseMiddleware(
            static (context, next) => context.Services.GetRequiredService<TMiddleware>().InvokeAsync(context, next));
    }

    /// <summary>Wraps all handlers in a function. The middleware that is registered first is the outermost.</summary>
    /// <param name="middleware">Receives the context and the rest of the pipeline.</param>
    /// <returns>This builder.</returns>
    public MiraiQueueBuilder UseMiddleware(Func<TaskContext, TaskPipeline, Task> middleware)
    {
        ArgumentNullException.ThrowIfNull(middleware);
        Services.AddSingleton(new MiddlewareRegistration(next => context => middleware(context, next)));
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
        Services.AddSingleton(new RetryDelayRegistration(pattern, delay));
        return this;
    }

    private MiraiQueueBuilder AddAggregator(ServiceDescriptor aggregator)
    {
        if (Services.Any(service => service.ServiceType == typeof(ITaskAggregator)))
        {
            throw new InvalidOperationException("There is an aggregator already; one gets the tasks of all groups.");
        }

        Services.Add(aggregator);
        return this;
    }

    private MiraiQueueBuilder Add(string pattern, Func<IServiceProvider, TaskPipeline> build)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(pattern);
        Services.AddSingleton(new HandlerRegistration(pattern, build));
        return this;
    }

    private static TaskPipeline BuildTyped<TPayload>(IServiceProvider services)
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

            return context.Services.GetRequiredService<ITaskHandler<TPayload>>()
                .HandleAsync(payload, context, context.CancellationToken);
        };
    }

    private static QueueServer CreateServer(IServiceProvider services)
    {
        var handlers = services.GetServices<HandlerRegistration>()
            .Select(handler => KeyValuePair.Create(handler.Pattern, handler.Build(services)));
        var delays = services.GetServices<RetryDelayRegistration>()
            .Select(registration => KeyValuePair.Create(registration.Pattern, registration.Delay));

        var middleware = services.GetServices<MiddlewareRegistration>().Select(registration => registration.Wrap);

        return new QueueServer(
            services.GetRequiredService<QueueServerServices>(),
            new QueueServerSetup(
                services.GetRequiredService<IOptions<QueueServerOptions>>().Value,
                new TaskRouter(handlers, [.. middleware]),
                new PatternMap<Func<RetryDelayArguments, TimeSpan>>(delays),
                services.GetService<IServiceProviderIsService>()?.IsService(typeof(ITaskAggregator)) == true));
    }
}
