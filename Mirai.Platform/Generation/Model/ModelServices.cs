using System.ClientModel;
using System.ClientModel.Primitives;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;
using Microsoft.Extensions.Options;
using OpenAI;
using OpenAI.Chat;
using Polly;

namespace Mirai.Platform.Generation.Model;

/// <summary>Registers the client of the model: OpenAI's library on an HTTP client with retries and a time-out.
/// </summary>
internal static class ModelServices
{
    private const string HttpName = "Mirai.Model";

    // The library requires a key.
    private const string NoKey = "none";

    private const int Retries = 2;
    private static readonly TimeSpan Delay = TimeSpan.FromSeconds(1);

    // A longer pause does not occupy a slot of the worker: the task waits in the queue.
    private static readonly TimeSpan LongestWaitHere = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(5);

    public static void AddModel(this IServiceCollection services)
    {
        services.AddHttpClient(HttpName, client => client.Timeout = Timeout.InfiniteTimeSpan)
            .UseSocketsHttpHandler((handler, _) => handler.PooledConnectionLifetime = ConnectionLifetime)
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
            .AddResilienceHandler(HttpName, (pipeline, context) =>
            {
                var options = context.ServiceProvider.GetRequiredService<IOptions<ModelOptions>>().Value;
                pipeline.TimeProvider = context.ServiceProvider.GetRequiredService<TimeProvider>();
                pipeline.AddRetry(Retry(pipeline.TimeProvider)).AddTimeout(options.Timeout);
            });
        services.AddSingleton<IChatClient>(CreateClient);
    }

    private static HttpRetryStrategyOptions Retry(TimeProvider time) => new()
    {
        MaxRetryAttempts = Retries,
        Delay = Delay,
        BackoffType = DelayBackoffType.Exponential,
        UseJitter = true,
        ShouldRetryAfterHeader = true,

        // A request that timed out is not repeated here: the task has retries.
        ShouldHandle = arguments => ValueTask.FromResult(arguments.Outcome switch
        {
            { Exception: HttpRequestException } => true,
            { Result: { } answer } => IsWorthRetrying(answer, time),
            _ => false,
        }),
    };

    private static bool IsWorthRetrying(HttpResponseMessage answer, TimeProvider time)
    {
        var wait = RetryAfter.Read(answer.Headers.RetryAfter, time.GetUtcNow());
        return RetryAfter.IsBusy((int)answer.StatusCode)
            ? wait <= LongestWaitHere
            : (int)answer.StatusCode is 408 or (>= 500 and not 501) && !(wait > LongestWaitHere);
    }

    private static IChatClient CreateClient(IServiceProvider services)
    {
        var options = services.GetRequiredService<IOptions<ModelOptions>>().Value;
        var http = services.GetRequiredService<IHttpClientFactory>().CreateClient(HttpName);
        var key = new ApiKeyCredential(string.IsNullOrWhiteSpace(options.ApiKey) ? NoKey : options.ApiKey);

        return new ChatClient(options.Name, key, new OpenAIClientOptions
        {
            Endpoint = new Uri(options.BaseUrl),
            Transport = new HttpClientPipelineTransport(http),
            RetryPolicy = new ClientRetryPolicy(maxRetries: 0),
            NetworkTimeout = Timeout.InfiniteTimeSpan,
        }).AsIChatClient();
    }
}
