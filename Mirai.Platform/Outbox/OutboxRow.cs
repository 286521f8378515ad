using Mirai.Platform.Database;

namespace Mirai.Platform.Outbox;

/// <summary>A task that is decided upon and perhaps not in its queue yet.</summary>
internal sealed class OutboxRow : IClaimable
{
    /// <summary>Also the id of the task: what is published twice is stored once.</summary>
    public required Guid Id { get; init; }

    public required string Type { get; init; }

    public required byte[]? Payload { get; init; }

    /// <summary>Queue, retries and all the rest, as JSON.</summary>
    public required string Options { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? PublishedAt { get; set; }

    /// <summary>Why it can never be published.</summary>
    public string? Error { get; set; }

    public Guid? ClaimId { get; set; }

    public DateTimeOffset? ClaimedUntil { get; set; }
}
