namespace Mirai.Queue.Hosting;

/// <summary>A handler as the application registered it.</summary>
/// <param name="Pattern">A task type, or the beginning of some.</param>
/// <param name="Build">Makes the handler once, at start.</param>
internal sealed record HandlerRegistration(string Pattern, Func<IServiceProvider, TaskPipeline> Build);
