namespace Mirai.Queue.Hosting;

/// <summary>A handler as the application registered it.</summary>
/// <param name="Pattern">A task type, or the beginning of task types.</param>
/// <param name="Build">Creates the pipeline once, at start.</param>
internal sealed record HandlerRegistration(string Pattern, Func<IServiceProvider, TaskPipeline> Build);

/// <summary>A middleware as the application registered it.</summary>
/// <param name="Wrap">Wraps a pipeline in the middleware.</param>
internal sealed record MiddlewareRegistration(Func<TaskPipeline, TaskPipeline> Wrap);

/// <summary>A retry delay as the application registered it.</summary>
/// <param name="Pattern">A task type, or the beginning of task types.</param>
/// <param name="Delay">Computes the pause before the next attempt.</param>
internal sealed record RetryDelayRegistration(string Pattern, Func<RetryDelayArguments, TimeSpan> Delay);
