using Microsoft.AspNetCore.Authorization;

namespace Mirai.Api.Security;

/// <summary>The scopes of callers. An authorization policy of the same name asks for each.</summary>
internal static class Scopes
{
    /// <summary>The claim that carries one scope.</summary>
    public const string Claim = "scope";

    /// <summary>Put tasks into queues.</summary>
    public const string TasksEnqueue = "tasks:enqueue";

    /// <summary>Read queues, tasks (payloads without their sensitive members), servers and schedules.</summary>
    public const string TasksRead = "tasks:read";

    /// <summary>Read whole payloads.</summary>
    public const string PayloadRead = "payload:read";

    /// <summary>Run, archive, delete, cancel, reschedule and change tasks.</summary>
    public const string TasksManage = "tasks:manage";

    /// <summary>Pause, resume and delete queues.</summary>
    public const string QueuesManage = "queues:manage";

    /// <summary>Run periodic tasks at once.</summary>
    public const string SchedulesManage = "schedules:manage";

    /// <summary>Read documents, courses, generation jobs, registrations and events.</summary>
    public const string PlatformRead = "platform:read";

    /// <summary>Change documents, courses, generation jobs and registrations.</summary>
    public const string PlatformWrite = "platform:write";

    public static readonly IReadOnlyList<string> All =
    [
        TasksEnqueue, TasksRead, PayloadRead, TasksManage, QueuesManage, SchedulesManage, PlatformRead, PlatformWrite,
    ];
}

/// <summary>Requires scopes of the callers of a group of routes.</summary>
internal static class ScopeConventions
{
    /// <summary>Requires one scope for <c>GET</c>, and another for all other methods.</summary>
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
