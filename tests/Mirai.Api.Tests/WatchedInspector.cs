using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Mirai.Queue;

namespace Mirai.Api.Tests;

/// <summary>Passes every call on to the inspector of the API, and says when a number of calls has come.</summary>
public class WatchedInspector : DispatchProxy
{
    private readonly TaskCompletionSource called = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IQueueInspector inspector = null!;
    private int callsToCome;

    /// <summary>Completes with the last of the calls.</summary>
    public Task Called => called.Task.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System);

    public static WatchedInspector Create(int calls)
    {
        var watched = (WatchedInspector)(object)Create<IQueueInspector, WatchedInspector>();
        watched.callsToCome = calls;

        return watched;
    }

    /// <summary>Stands before the inspector that is registered.</summary>
    public void Register(IServiceCollection services)
    {
        var registered = services.Last(service => service.ServiceType == typeof(IQueueInspector));
        services.AddSingleton(provider =>
        {
            inspector = (IQueueInspector)(registered.ImplementationFactory?.Invoke(provider)
                ?? ActivatorUtilities.CreateInstance(provider, registered.ImplementationType!));
            return (IQueueInspector)(object)this;
        });
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        if (Interlocked.Decrement(ref callsToCome) == 0)
        {
            called.TrySetResult();
        }

        return targetMethod!.Invoke(inspector, args);
    }
}
