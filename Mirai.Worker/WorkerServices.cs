using Microsoft.Extensions.Options;
using Mirai.Hosting.Health;
using Mirai.Hosting.Ops;
using Mirai.Hosting.Telemetry;
using Mirai.Platform;
using Mirai.Platform.Cleanup;
using Mirai.Platform.Generation;
using Mirai.Queue;
using Mirai.Worker.Cleanup;
using Mirai.Worker.Handlers;
using Mirai.Worker.Schedules;

namespace Mirai.Worker;

/// <summary>What the worker is made of.</summary>
internal static class WorkerServices
{
    // What a stop takes beside the handlers: outcomes are written back, the server signs off.
    private static readonly TimeSpan RoomForGoodbyes = TimeSpan.FromSeconds(10);

    public static HostApplicationBuilder AddMiraiWorker(this HostApplicationBuilder builder)
    {
        // First, so that it answers while the others start, and goes last.
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

        // Who is told to come later has not failed.
        builder.Services.Configure<QueueServerOptions>(server =>
            server.IsFailure = exception => exception is not ModelBusyException);

        // The host must not cut the server's own, ordered stop short, however long its setting lets handlers go on.
        builder.Services.AddOptions<HostOptions>().PostConfigure<IOptions<QueueServerOptions>>((host, server) =>
        {
            var needed = server.Value.ShutdownTimeout + server.Value.CancellationGrace + RoomForGoodbyes;
            host.ShutdownTimeout = host.ShutdownTimeout > needed ? host.ShutdownTimeout : needed;
        });

        return builder;
    }
}
