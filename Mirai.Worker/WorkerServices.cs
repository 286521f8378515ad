using Microsoft.Extensions.Options;
using Mirai.Hosting.Health;
using Mirai.Hosting.Ops;
using Mirai.Hosting.Telemetry;
using Mirai.Platform;
using Mirai.Platform.Cleanup;
using Mirai.Platform.Generation;
using Mirai.Queue;
using Mirai.Worker.Handlers;
using Mirai.Worker.Schedules;

namespace Mirai.Worker;

/// <summary>The services of the worker.</summary>
internal static class WorkerServices
{
    // What a stop takes after the handlers: the server writes outcomes and deletes its record.
    private static readonly TimeSpan TimeAfterHandlers = TimeSpan.FromSeconds(10);

    public static HostApplicationBuilder AddMiraiWorker(this HostApplicationBuilder builder)
    {
        // First: the ops port answers while the other services start, and it stops last.
        builder.Services.AddOpsServer(builder.Configuration);
        builder.Services.AddMiraiTelemetry(builder.Configuration, "mirai-worker", queueFigures: false);
        builder.Services.AddHealthChecks()
            .AddMiraiQueueLoops(tags: [HealthTags.Live])
            .AddMiraiQueueFetching(tags: [HealthTags.Ready])
            .AddMiraiQueueStartup(tags: [HealthTags.Startup]);
        builder.Services.BoundHealthChecks();

        builder.Services.AddMiraiPlatform(builder.Configuration);
        builder.Services.AddMiraiCache(builder.Configuration);
        builder.Services.AddSingleton<ICleanup, CacheCleanup>();
        builder.Services.AddMiraiQueue(builder.Configuration)
            .AddLegacyLayout(builder.Configuration)
            .AddJsonContext(PlatformTasksJson.Default)
            .AddServer(builder.Configuration.GetSection("Queue:Server"))
            .AddHandler<AiGeneration, AiGenerationHandler>()
            .AddHandler<AiGenerationPoll, AiGenerationPollHandler>()
            .AddHandler<SmeIngestion, SmeIngestionHandler>()
            .AddHandler<SmeIngestionPoll, SmeIngestionPollHandler>()
            .AddHandler<StripeProvision, StripeProvisionHandler>()
            .AddHandler<StripeReconcile, StripeReconcileHandler>()
            .AddHandler<CleanupExpired, CleanupExpiredHandler>()
            .UseRetryDelay("ai:generation", AiGenerationHandler.RetryDelay)
            .AddPolls(builder.Configuration)
            .AddHousekeeping(builder.Configuration);

        // A model that asks for a pause is no failure, and uses no retry.
        builder.Services.Configure<QueueServerOptions>(server =>
            server.IsFailure = exception => exception is not ModelBusyException);

        // The host must wait for the whole stop of the server, however long its settings let handlers run.
        builder.Services.AddOptions<HostOptions>().PostConfigure<IOptions<QueueServerOptions>>((host, server) =>
        {
            var needed = server.Value.ShutdownTimeout + server.Value.CancellationGrace + TimeAfterHandlers;
            host.ShutdownTimeout = host.ShutdownTimeout > needed ? host.ShutdownTimeout : needed;
        });

        return builder;
    }
}
