using Microsoft.Extensions.DependencyInjection;
using Mirai.Queue.Hosting;
using Mirai.Queue.Tests.Client;

namespace Mirai.Queue.Tests.Server;

/// <summary>A handler with a dependency that lives as long as the task.</summary>
internal sealed class WelcomeHandler(ScopedThing thing, TaskCompletionSource<(Welcome, Guid)> welcomed)
    : ITaskHandler<Welcome>
{
    public Task HandleAsync(Welcome payload, TaskContext context, CancellationToken cancellationToken)
    {
        welcomed.TrySetResult((payload, thing.Id));
        return Task.CompletedTask;
    }
}

internal sealed class ScopedThing
{
    public Guid Id { get; } = Guid.NewGuid();
}

internal static class BuilderExtensions
{
    public static MiraiQueueBuilder WithServices(this MiraiQueueBuilder builder, Action<IServiceCollection> configure)
    {
        configure(builder.Services);
        return builder;
    }
}
