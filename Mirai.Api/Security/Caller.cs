using System.Security.Claims;

namespace Mirai.Api.Security;

/// <summary>The sender of a request, and the queues and task types that it may use.</summary>
internal readonly struct Caller(ClaimsPrincipal user)
{
    /// <summary>The claim with the name of one queue, or a prefix followed by <c>*</c>.</summary>
    public const string QueueClaim = "mirai_queues";

    /// <summary>The claim with one task type, or a prefix followed by <c>*</c>.</summary>
    public const string TypeClaim = "mirai_types";

    public string Name => user.Identity?.Name ?? "nobody";

    /// <summary>Whether the caller may use some task types only.</summary>
    public bool IsLimitedToTypes => user.HasClaim(claim => claim.Type == TypeClaim);

    public bool Has(string scope) => user.HasClaim(Scopes.Claim, scope);

    public bool MayUseQueue(string queue) => IsIn(QueueClaim, queue);

    public bool MayUseType(string type) => IsIn(TypeClaim, type);

    /// <summary>Whether the caller may use every type that a pattern matches.</summary>
    /// <param name="pattern">A type, or a prefix followed by <c>*</c>; <see langword="null"/> for all
    /// types.</param>
    public bool MayUseTypes(string? pattern) => !IsLimitedToTypes || (pattern is not null
        && user.FindAll(TypeClaim).Any(claim => pattern.EndsWith('*')
            ? claim.Value.EndsWith('*') && Matches(claim.Value, pattern[..^1])
            : Matches(claim.Value, pattern)));

    /// <exception cref="AccessDeniedException">The caller may not use the queue.</exception>
    public void DemandQueue(string queue)
    {
        if (!MayUseQueue(queue))
        {
            throw new AccessDeniedException($"These credentials are not for queue \"{queue}\".");
        }
    }

    /// <exception cref="AccessDeniedException">The caller may not use the type.</exception>
    public void DemandType(string type)
    {
        if (!MayUseType(type))
        {
            throw new AccessDeniedException($"These credentials are not for tasks of type \"{type}\".");
        }
    }

    /// <exception cref="AccessDeniedException">The caller may not use all of the types.</exception>
    public void DemandTypes(string? pattern)
    {
        if (!MayUseTypes(pattern))
        {
            throw new AccessDeniedException(
                "These credentials are for tasks of some types only: a request for several tasks must name " +
                "one of these types.");
        }
    }

    private bool IsIn(string claimType, string name)
    {
        var isLimited = false;
        foreach (var claim in user.FindAll(claimType))
        {
            isLimited = true;
            if (Matches(claim.Value, name))
            {
                return true;
            }
        }

        return !isLimited;
    }

    private static bool Matches(string pattern, string name) => pattern.EndsWith('*')
        ? name.StartsWith(pattern[..^1], StringComparison.Ordinal)
        : pattern == name;
}

/// <summary>The caller has valid credentials that do not allow what it asks for: 403.</summary>
internal sealed class AccessDeniedException(string message) : Exception(message);
