using Microsoft.Extensions.DependencyInjection;

namespace Mirai.Queue.Hosting;

/// <summary>A handler as the application registered it.</summary>
/// <param name="Pattern">A task type, or the beginning of task types.</param>
/// <param name="Build">Creates the pipeline once, at start.</param>
internal sealed record HandlerRegistration(string Pattern, Func<IServiceProvider, TaskPipeline> Build);

/// <summary>A middleware as the application registered it.</summary>
/// <param name="Wrap">Wraps a pipeline in the middleware.</param>
/// <param name="Type">The class of the middleware; <see langword="null"/> for a function.</param>
internal sealed record MiddlewareRegistration(Func<TaskPipeline, TaskPipeline> Wrap, Type? Type)
{
    /// <exception cref="InvalidOperationException">The middleware lacks a dependency.</exception>
    public void Resolve(IServiceProvider scope) => _ = Type is null ? null : scope.GetRequiredService(Type);
}

/// <summary>A retry delay as the application registered it.</summary>
/// <param name="Pattern">A task type, or the beginning of task types.</param>
/// <param name="Delay">Computes the pause before the next attempt.</param>
internal sealed record RetryDelayRegistration(string Pattern, Func<RetryDelayArguments, TimeSpan> Delay);
