using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using StackExchange.Redis;

namespace Mirai.Redis;

/// <summary>One connection per address in an application, shared by libraries that do not know each other.</summary>
/// <remarks>What they share is a service of the framework's own types, keyed by the address: a
/// <c>Func&lt;Task&lt;IConnectionMultiplexer&gt;&gt;</c>. Who registers first owns the connection; an application that
/// registers such a function itself, for one address or for all, gives everybody its own.</remarks>
internal static class SharedConnections
{
    public static void TryAddSharedConnections(this IServiceCollection services)
    {
        services.TryAddKeyedSingleton(KeyedService.AnyKey, static (_, address) => new RedisConnection(
            async () => await ConnectionMultiplexer.ConnectAsync(RedisAddress.Parse((string)address!))
                .ConfigureAwait(false),
            isOwned: true));
        services.TryAddKeyedSingleton<Func<Task<IConnectionMultiplexer>>>(
            KeyedService.AnyKey,
            static (services, address) =>
            {
                // Here and not at the first use: services are disposed in the reverse order of their creation, and
                // those that use the connection must not outlive it.
                var connection = services.GetRequiredKeyedService<RedisConnection>(address);
                return () => connection.GetAsync().AsTask();
            });
    }

    public static RedisConnection FindSharedConnection(this IServiceProvider services, string address) => new(
        services.GetRequiredKeyedService<Func<Task<IConnectionMultiplexer>>>(address), isOwned: false);
}
