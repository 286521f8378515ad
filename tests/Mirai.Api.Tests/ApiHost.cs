using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Mirai.Testing;

namespace Mirai.Api.Tests;

/// <summary>The API as it runs: Kestrel on a free port of the loopback interface, a Redis, a database of its
/// own.</summary>
internal sealed class ApiHost : WebApplicationFactory<ApiOptions>
{
    private readonly Dictionary<string, string> settings;
    private readonly Action<IServiceCollection>? configure;

    public ApiHost(
        string redisUrl, IReadOnlyDictionary<string, string>? settings = null,
        Action<IServiceCollection>? configure = null)
    {
        this.settings = new Dictionary<string, string>(settings ?? new Dictionary<string, string>())
        {
            ["REDIS_URL"] = redisUrl,
            ["Logging:Console:LogLevel:Default"] = "None",
        };

        // Tests ask again and again, faster than any client.
        this.settings.TryAdd("Security:RequestsPerSecond", "100000");
        this.settings["ConnectionStrings:Mirai"] =
            $"{Database.ConnectionString};{this.settings.GetValueOrDefault("ConnectionStrings:Mirai")}";
        this.configure = configure;
        UseKestrel(0);
        StartServer();
        Client = CreateClient();
    }

    public HttpClient Client { get; }

    /// <summary>Every line of the log, with its exception.</summary>
    public TestLog Log { get; } = new();

    public TestDatabase Database { get; } = TestDatabase.CreateAsync(TestDatabase.DefaultKind)
        .GetAwaiter().GetResult();

    public override async ValueTask DisposeAsync()
    {
        Client.Dispose();
        try
        {
            await base.DisposeAsync();
        }
        catch (AggregateException exception)
            when (exception.InnerExceptions.All(inner => inner is ObjectDisposedException))
        {
            // The factory stops the host, and so does the program when it hears of that: it was first, and disposed
            // it.
        }

        await Database.DisposeAsync();
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        foreach (var (name, value) in settings)
        {
            builder.UseSetting(name, value);
        }

        builder.ConfigureLogging(logging => logging.AddProvider(Log));
        builder.ConfigureTestServices(services => configure?.Invoke(services));
    }
}
