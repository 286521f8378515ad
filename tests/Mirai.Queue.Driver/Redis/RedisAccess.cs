using Microsoft.Extensions.DependencyInjection;
using Mirai.Queue.Driver.Arguments;
using Mirai.Queue.Hosting;
using StackExchange.Redis;

namespace Mirai.Queue.Driver.Redis;

/// <summary>The one connection of a run.</summary>
internal static class RedisAccess
{
    /// <summary>Connects, and makes sure that Redis answers: a command must not begin without it.</summary>
    /// <exception cref="RedisException">It does not.</exception>
    public static async Task<ConnectionMultiplexer> ConnectAsync(ConfigurationOptions options)
    {
        var connection = await ConnectionMultiplexer.ConnectAsync(options);
        try
        {
            await connection.GetDatabase().PingAsync();
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Mirai.Queue on that connection.</summary>
    public static MiraiQueueBuilder AddMiraiQueue(
        this IServiceCollection services, IConnectionMultiplexer connection, Flags flags) =>
        services.AddMiraiQueue(_ => { })
            .AddLegacyLayout(options => options.Layout = ConnectionFlags.ReadLayout(flags))
            .UseConnection(_ => Task.FromResult(connection));
}
