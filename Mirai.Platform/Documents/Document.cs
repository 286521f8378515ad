namespace Mirai.Platform.Documents;

/// <summary>A stored document, without its bytes.</summary>
public sealed record Document
{
    /// <summary>The id; later documents have greater ids (UUID version 7).</summary>
    public required Guid Id { get; init; }

    /// <summary>What people call it.</summary>
    public required string Name { get; init; }

    /// <summary>The media type it was sent with.</summary>
    public required string MediaType { get; init; }

    /// <summary>The size of its content, in bytes.</summary>
    public required int Size { get; init; }

    /// <summary>What became of it.</summary>
    public required DocumentState State { get; init; }

    /// <summary>How much of it is read, from 0 to 100.</summary>
    public int Percent { get; init; }

    /// <summary>Why it could not be read; <see langword="null"/> unless it failed.</summary>
    public string? FailureReason { get; init; }

    /// <summary>When it was stored.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was first read, or found to be unreadable; <see langword="null"/> before that.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>What was read; <see langword="null"/> unless it is ready.</summary>
    public DocumentExtraction? Extraction { get; init; }
}
