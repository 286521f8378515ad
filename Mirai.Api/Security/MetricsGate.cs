using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;

namespace Mirai.Api.Security;

/// <summary>Guards <c>/metrics</c>, which names queues and task types. On the metrics port, which only the operators'
/// network reaches, everybody may read it; on other ports callers with the scope <c>tasks:read</c>.</summary>
internal static class MetricsGate
{
    public static void UseMetricsGate(this WebApplication app)
    {
        var openPort = app.Services.GetRequiredService<IOptions<ApiOptions>>().Value.MetricsPort;
        app.Use(async (http, next) =>
        {
            if (http.Request.Path.StartsWithSegments("/metrics", StringComparison.OrdinalIgnoreCase)
                && http.Connection.LocalPort != openPort && !await MayLookAsync(http))
            {
                await (http.User.Identity?.IsAuthenticated == true ? http.ForbidAsync() : http.ChallengeAsync());
                return;
            }

            await next(http);
        });
    }

    private static async Task<bool> MayLookAsync(HttpContext http)
    {
        var rules = http.RequestServices.GetRequiredService<IAuthorizationService>();
        return (await rules.AuthorizeAsync(http.User, resource: null, Scopes.TasksRead)).Succeeded;
    }
}
