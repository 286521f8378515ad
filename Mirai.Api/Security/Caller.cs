using System.Security.Claims;

namespace Mirai.Api.Security;

/// <summary>Who sends a request, and what it may touch.</summary>
internal readonly struct Caller(ClaimsPrincipal user)
{
    /// <summary>The claim with one queue, or the beginning of its name followed by <c>*</c>.</summary>
    public const string QueueClaim = "mirai_queues";

    /// <summary>The claim with one type of tasks, or its beginning followed by <c>*</c>.</summary>
    public const string TypeClaim = "mirai_types";

    public string Name => user.Identity?.Name ?? "nobody";

    /// <summary>It may touch tasks of some types only.</summary>
    public bool IsLimitedToTypes => user.HasClaim(claim => claim.Type == TypeClaim);

    public bool Has(string scope) => user.HasClaim(Scopes.Claim, scope);

    public bool MayUseQueue(string queue) => IsIn(QueueClaim, queue);

    public bool MayUseType(string type) => IsIn(TypeClaim, type);

    /// <summary>Whether it may touch everything that a pattern means.</summary>
    /// <param name="pattern">A type, or its beginning followed by <c>*</c>; <see langword="null"/> for all
    /// types.</param>
    public bool MayUseTypes(string? pattern) => !IsLimitedToTypes || (pattern is not null
        && user.FindAll(TypeClaim).Any(claim => pattern.EndsWith('*')
            ? claim.Value.EndsWith('*') && Matches(claim.Value, pattern[..^1])
            : Matches(claim.Value, pattern)));

    /// <exception cref="AccessDeniedException">It may not.</exception>
    public void DemandQueue(string queue)
    {
        if (!MayUseQueue(queue))
        {
            throw new AccessDeniedException($"These credentials are not for queue \"{queue}\".");
        }
    }

    /// <exception cref="AccessDeniedException">It may not.</exception>
    public void DemandType(string type)
    {
        if (!MayUseType(type))
        {
            throw new AccessDeniedException($"These credentials are not for tasks of type \"{type}\".");
        }
    }

    /// <exception cref="AccessDeniedException">It may not.</exception>
    public void DemandTypes(string? pattern)
    {
        if (!MayUseTypes(pattern))
        {
            throw new AccessDeniedException(
                "These credentials are for tasks of some types only: what touches several tasks must name one of " +
                "them.");
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

/// <summary>The caller is known, and may not do this.</summary>
internal sealed class AccessDeniedException(string message) : Exception(message);
