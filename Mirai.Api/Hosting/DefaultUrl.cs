namespace Mirai.Api.Hosting;

/// <summary>Where the API listens when nobody says.</summary>
internal static class DefaultUrl
{
    private const string Url = "http://127.0.0.1:5080";

    // Not in appsettings.json: what stands there would win over ASPNETCORE_URLS.
    public static void UseDefaultUrl(this IWebHostBuilder host, IConfiguration configuration)
    {
        string[] settings =
            [WebHostDefaults.ServerUrlsKey, WebHostDefaults.HttpPortsKey, WebHostDefaults.HttpsPortsKey];
        if (settings.All(setting => string.IsNullOrEmpty(configuration[setting])))
        {
            host.UseUrls(Url);
        }
    }
}
