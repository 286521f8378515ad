namespace Mirai.Platform.Database;

/// <summary>A row that one worker at a time may take. A claim is a lease: that of a worker that died ends by
/// itself.</summary>
internal interface IClaimable : IKeyed
{
    /// <summary>The claim that holds the row, or held it last.</summary>
    Guid? ClaimId { get; set; }

    /// <summary>When the claim ends.</summary>
    DateTimeOffset? ClaimedUntil { get; set; }
}
