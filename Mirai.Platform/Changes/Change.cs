namespace Mirai.Platform.Changes;

/// <summary>Something is not as it was: a hint to look again, not the news itself.</summary>
/// <param name="Kind">What: one of the constants.</param>
/// <param name="Id">Which.</param>
/// <param name="State">Its state now, in lower case, where it has one.</param>
/// <param name="Progress">How far it is, from 0 to 100, where that is known.</param>
public sealed record Change(string Kind, Guid Id, string? State = null, int? Progress = null)
{
    /// <summary>A document.</summary>
    public const string Document = "document";

    /// <summary>A generation job.</summary>
    public const string GenerationJob = "generation-job";

    /// <summary>A course.</summary>
    public const string Course = "course";

    /// <summary>A folder.</summary>
    public const string Folder = "folder";

    /// <summary>Anything: changes were missed. Look at everything again.</summary>
    public const string Missed = "missed";
}
