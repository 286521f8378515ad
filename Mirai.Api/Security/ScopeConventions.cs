using Microsoft.AspNetCore.Authorization;

namespace Mirai.Api.Security;

/// <summary>Says what the routes of a group ask of their callers.</summary>
internal static class ScopeConventions
{
    /// <summary>Routes that only look ask for one scope, all others for another.</summary>
    public static RouteGroupBuilder RequireScopes(this RouteGroupBuilder group, string read, string write)
    {
        ((IEndpointConventionBuilder)group).Add(endpoint =>
        {
            var methods = endpoint.Metadata.OfType<IHttpMethodMetadata>().Last().HttpMethods;
            endpoint.Metadata.Add(new AuthorizeAttribute(methods.All(HttpMethods.IsGet) ? read : write));
        });

        return group;
    }
}
