using System.Reflection;
using Mirai.Queue;

namespace Mirai.Api.Tests;

/// <summary>An inspector that never answers, as with a Redis that is frozen.</summary>
public class SilentInspector : DispatchProxy
{
    private readonly TaskCompletionSource called = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Somebody asked.</summary>
    public Task Called => called.Task.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System);

    /// <summary>Whoever asked does not want to know any more.</summary>
    public Task Cancelled => cancelled.Task.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System);

    /// <summary>What is asked.</summary>
    public IQueueInspector Inspector => (IQueueInspector)(object)this;

    public static SilentInspector Create() => (SilentInspector)(object)Create<IQueueInspector, SilentInspector>();

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        args!.OfType<CancellationToken>().Single().Register(() => cancelled.TrySetResult());
        called.TrySetResult();
        if (targetMethod!.ReturnType == typeof(Task))
        {
            return new TaskCompletionSource().Task;
        }

        var never = typeof(TaskCompletionSource<>).MakeGenericType(targetMethod.ReturnType.GetGenericArguments());

        return never.GetProperty(nameof(TaskCompletionSource<>.Task))!.GetValue(Activator.CreateInstance(never));
    }
}
