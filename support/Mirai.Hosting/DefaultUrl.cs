using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;

namespace Mirai.Hosting;

/// <summary>Where a program listens when nobody says.</summary>
public static class DefaultUrl
{
    // Not in appsettings.json: what stands there would win over ASPNETCORE_URLS.
    public static void UseDefaultUrl(this IWebHostBuilder host, IConfiguration configuration, string url)
    {
        string[] settings =
            [WebHostDefaults.ServerUrlsKey, WebHostDefaults.HttpPortsKey, WebHostDefaults.HttpsPortsKey];
        if (settings.All(setting => string.IsNullOrEmpty(configuration[setting])))
        {
            host.UseUrls(url);
        }
    }
}
