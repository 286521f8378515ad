using System.Text.Encodings.Web;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Options;
using Mirai.Api;
using Mirai.Api.Audit;
using Mirai.Api.Courses;
using Mirai.Api.Documents;
using Mirai.Api.Events;
using Mirai.Api.Folders;
using Mirai.Api.GenerationJobs;
using Mirai.Api.Groups;
using Mirai.Api.Hosting;
using Mirai.Api.Library;
using Mirai.Api.OpenApi;
using Mirai.Api.Payments;
using Mirai.Api.Problems;
using Mirai.Api.Queues;
using Mirai.Api.Registrations;
using Mirai.Api.Requests;
using Mirai.Api.Schedules;
using Mirai.Api.Security;
using Mirai.Api.Servers;
using Mirai.Api.Tasks;
using Mirai.Hosting;
using Mirai.Hosting.Health;
using Mirai.Hosting.Telemetry;
using Mirai.Platform;

try
{
    // appsettings.json is beside the program, whatever the working directory is.
    var builder = WebApplication.CreateBuilder(
        new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
    DevelopmentAccess.RequireNoOtherEnvironment(builder.Environment);
    builder.WebHost.UseDefaultUrl(builder.Configuration, "http://127.0.0.1:5080");
    builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);

    builder.Services.AddMiraiQueue(builder.Configuration)
        .AddLegacyLayout(builder.Configuration)
        .AddJsonContext(PlatformTasksJson.Default);
    builder.Services.AddMiraiPlatform(builder.Configuration);
    builder.Services.AddOptions<ApiOptions>()
        .Bind(builder.Configuration.GetSection(ApiOptions.Section)).ValidateOnStart();
    builder.Services.AddSingleton<IValidateOptions<ApiOptions>, ApiOptionsValidator>();
    builder.Services.AddSingleton(new ExactJson(ApiJson.Default.Options));
    builder.Services.AddSingleton<QueueReader>();
    builder.Services.AddSingleton<TaskConflict>();
    builder.Services.AddSingleton<TaskWaits>();
    builder.Services.AddSingleton<TaskActions>();
    builder.Services.AddSingleton<PayloadView>();
    builder.Services.AddSingleton<AuditLog>();
    builder.Services.AddSingleton<EventClients>();
    builder.Services.AddQueueHealth();
    builder.Services.AddMiraiTelemetry(builder.Configuration, "mirai-api", queueFigures: true);

    builder.Services.AddSecurity(builder.Configuration);
    builder.Services.AddDescription();
    builder.Services.AddProblemDetails();
    builder.Services.AddSingleton<OutageLog>();
    builder.Services.AddExceptionHandler<ProblemExceptionHandler>();
    builder.Services.ConfigureHttpJsonOptions(json =>
    {
        json.SerializerOptions.TypeInfoResolverChain.Insert(0, ApiJson.Default);
        json.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
        json.SerializerOptions.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;

        // No answer becomes part of a page: quotes and umlauts need no escapes.
        json.SerializerOptions.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
    });

    await using var app = builder.Build();

    // Name all wrong settings at once, before the first service fails because of its own.
    app.Services.GetRequiredService<IStartupValidator>().Validate();

    app.UseExceptionHandler();
    app.UseStatusCodePages(ProblemPages.WriteAsync);
    app.UseAuthentication();
    app.UseMetricsGate();
    app.UseMiraiMetrics();
    app.UseSecurity();
    app.MapTasks();
    app.MapTaskLists();
    app.MapQueues();
    app.MapGroups();
    app.MapServers();
    app.MapSchedules();
    app.MapDocuments();
    app.MapLibrary();
    app.MapFolders();
    app.MapCourses();
    app.MapGenerationJobs();
    app.MapEvents();
    app.MapRegistrations();
    app.MapStripeWebhook();
    app.MapMiraiHealth();
    app.MapDescription();

    await app.RunUntilStoppedAsync();
    return 0;
}
catch (Exception exception) when (StartFailure.Describe(exception) is { } reason)
{
    await Console.Error.WriteLineAsync($"Mirai.Api did not start: {reason}");
    return 1;
}
