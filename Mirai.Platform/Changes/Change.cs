using System.Text.Json;
using System.Text.Json.Serialization;

namespace Mirai.Platform.Changes;

/// <summary>Something has changed. A change is a hint to read again, and does not carry the new content.</summary>
/// <param name="Kind">What has changed: one of the constants.</param>
/// <param name="Id">The id of the document, job, course or folder.</param>
/// <param name="State">The new state in lower case, where there is one.</param>
/// <param name="Progress">The progress from 0 to 100, where it is known.</param>
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

    /// <summary>Anything may have changed, because changes were lost: read everything again.</summary>
    public const string Missed = "missed";
}

/// <summary>Changes in the form in which Redis carries them.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Change))]
internal sealed partial class ChangesJson : JsonSerializerContext;
