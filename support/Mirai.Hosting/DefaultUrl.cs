using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;

namespace Mirai.Hosting;

/// <summary>The address of a program when no setting names one.</summary>
public static class DefaultUrl
{
    /// <summary>Listens on an address unless a setting names addresses or ports.</summary>
    public static void UseDefaultUrl(this IWebHostBuilder host, IConfiguration configuration, string url)
    {
        // Not a setting in appsettings.json, which would win over ASPNETCORE_URLS.
        string[] settings =
            [WebHostDefaults.ServerUrlsKey, WebHostDefaults.HttpPortsKey, WebHostDefaults.HttpsPortsKey];
        if (settings.All(setting => string.IsNullOrEmpty(configuration[setting])))
        {
            host.UseUrls(url);
        }
    }
}
