using System.Text.Json.Serialization;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;

namespace Mirai.Queue.Hosting;

/// <summary>Adds payload types, a worker with its handlers, and periodic tasks to what <c>AddMiraiQueue</c>
/// registered.</summary>
public sealed partial class MiraiQueueBuilder
{
    internal MiraiQueueBuilder(IServiceCollection services, string name) => (Services, Name) = (services, name);

    /// <summary>The application's services.</summary>
    public IServiceCollection Services { get; }

    /// <summary>The name that <c>AddMiraiQueue</c> was given: the key of this queue's services. Empty for the queue
    /// without a name, whose services have no key.</summary>
    public string Name { get; }

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
        Services.ReplaceNamed(Name, services => new RedisConnection(() => connect(services), isOwned: false));
        return this;
    }
}
