using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Mirai.Queue.Hosting;

/// <summary>Services of one of several queue systems in a process. Those of the default system, whose name is empty,
/// are ordinary services; those of a named system are keyed by its name.</summary>
internal static class NamedServices
{
    public static void TryAddNamed<T>(this IServiceCollection services, string name, Func<IServiceProvider, T> create)
        where T : class =>
        services.TryAdd(Describe(name, create));

    public static void AddNamed<T>(this IServiceCollection services, string name, Func<IServiceProvider, T> create)
        where T : class =>
        services.Add(Describe(name, create));

    public static void ReplaceNamed<T>(this IServiceCollection services, string name, Func<IServiceProvider, T> create)
        where T : class
    {
        var key = KeyOf(name);
        var old = services.FirstOrDefault(
            service => service.ServiceType == typeof(T) && Equals(service.ServiceKey, key));
        if (old is not null)
        {
            services.Remove(old);
        }

        services.Add(Describe(name, create));
    }

    /// <summary>Starts and stops <typeparamref name="T"/> with the host, once per name however often it is
    /// added.</summary>
    public static void TryAddNamedHostedService<T>(
        this IServiceCollection services, string name, Func<IServiceProvider, T> create)
        where T : class, IHostedService
    {
        if (services.HasNamed<T>(name))
        {
            return;
        }

        services.Add(Describe(name, create));
        services.AddSingleton<IHostedService>(provider => provider.GetNamed<T>(name));
    }

    public static bool HasNamed<T>(this IServiceCollection services, string name)
    {
        var key = KeyOf(name);
        return services.Any(service => service.ServiceType == typeof(T) && Equals(service.ServiceKey, key));
    }

    public static T GetNamed<T>(this IServiceProvider provider, string name)
        where T : notnull =>
        name.Length == 0 ? provider.GetRequiredService<T>() : provider.GetRequiredKeyedService<T>(name);

    public static T? FindNamed<T>(this IServiceProvider provider, string name) =>
        name.Length == 0 ? provider.GetService<T>() : provider.GetKeyedService<T>(name);

    public static IEnumerable<T> GetAllNamed<T>(this IServiceProvider provider, string name) =>
        name.Length == 0 ? provider.GetServices<T>() : provider.GetKeyedServices<T>(name);

    public static T GetOptions<
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] T>(
        this IServiceProvider provider, string name)
        where T : class =>
        provider.GetRequiredService<IOptionsMonitor<T>>().Get(name);

    private static ServiceDescriptor Describe<T>(string name, Func<IServiceProvider, T> create)
        where T : class =>
        name.Length == 0
            ? ServiceDescriptor.Singleton(create)
            : ServiceDescriptor.KeyedSingleton(name, (provider, _) => create(provider));

    private static string? KeyOf(string name) => name.Length == 0 ? null : name;
}
