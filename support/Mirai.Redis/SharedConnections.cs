using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using StackExchange.Redis;

namespace Mirai.Redis;

/// <summary>One connection per address in an application, shared by libraries that do not know each other.</summary>
/// <remarks>The service that the libraries share has types of the framework only: a
/// <c>Func&lt;Task&lt;IConnectionMultiplexer&gt;&gt;</c> with the address as its key. The library that registers first
/// owns the connection. An application that registers such a function itself, for one address or for every address,
/// provides the connection.</remarks>
internal static class SharedConnections
{
    public static void TryAddSharedConnections(this IServiceCollection services)
    {
        services.TryAddKeyedSingleton(
            KeyedService.AnyKey, static (_, address) => new SharedConnection((string)address!));
        services.TryAddKeyedSingleton<Func<Task<IConnectionMultiplexer>>>(
            KeyedService.AnyKey,
            static (services, address) =>
            {
                // Create the connection now and not at the first call: services are disposed in the reverse order of
                // their creation, and the users of the connection must be disposed before the connection.
                var shared = services.GetRequiredKeyedService<SharedConnection>(address);
                return () => shared.Connection.GetAsync().AsTask();
            });
    }

    public static RedisConnection FindSharedConnection(this IServiceProvider services, string address) => new(
        services.GetRequiredKeyedService<Func<Task<IConnectionMultiplexer>>>(address), isOwned: false);

    // A type of its own: the queue keys a RedisConnection by the name of a queue, which may equal an address.
    private sealed class SharedConnection(string address) : IAsyncDisposable, IDisposable
    {
        public RedisConnection Connection { get; } = new(
            async () => await ConnectionMultiplexer.ConnectAsync(RedisAddress.Parse(address)).ConfigureAwait(false),
            isOwned: true);

        public ValueTask DisposeAsync() => Connection.DisposeAsync();

        public void Dispose() => Connection.Dispose();
    }
}
