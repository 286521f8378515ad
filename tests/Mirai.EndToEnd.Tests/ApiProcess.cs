using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.Logging;
using Mirai.Api;

namespace Mirai.EndToEnd.Tests;

/// <summary>The API as it runs, on a free port of the loopback interface.</summary>
internal sealed class ApiProcess : WebApplicationFactory<ApiOptions>
{
    private readonly IReadOnlyDictionary<string, string> settings;

    public ApiProcess(IReadOnlyDictionary<string, string> settings)
    {
        this.settings = settings;
        UseKestrel(0);
        StartServer();
        Client = CreateClient();
    }

    public HttpClient Client { get; }

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
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        foreach (var (name, value) in settings)
        {
            builder.UseSetting(name, value);
        }

        builder.ConfigureLogging(logging => logging.ClearProviders());
    }
}
