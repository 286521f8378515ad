namespace Mirai.Platform.Documents;

/// <summary>A stored document, without its bytes.</summary>
public sealed record Document
{
    /// <summary>The id; later documents have greater ids (UUID version 7).</summary>
    public required Guid Id { get; init; }

    /// <summary>The name that people know the document by.</summary>
    public required string Name { get; init; }

    /// <summary>The media type that the sender named.</summary>
    public required string MediaType { get; init; }

    /// <summary>The size of the content, in bytes.</summary>
    public required int Size { get; init; }

    /// <summary>Whether the document is read.</summary>
    public required DocumentState State { get; init; }

    /// <summary>How much of the content is read, from 0 to 100.</summary>
    public int Percent { get; init; }

    /// <summary>Why the document could not be read; <see langword="null"/> unless its state is
    /// <see cref="DocumentState.Failed"/>.</summary>
    public string? FailureReason { get; init; }

    /// <summary>When the document was stored.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the document was first read, or found to be unreadable; <see langword="null"/> before
    /// that.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>The text that was read; <see langword="null"/> unless the state is
    /// <see cref="DocumentState.Ready"/>.</summary>
    public DocumentExtraction? Extraction { get; init; }
}

/// <summary>Whether a document is read.</summary>
public enum DocumentState
{
    /// <summary>The document is stored and not yet read.</summary>
    Received = 0,

    /// <summary>The document is read, and has an extraction.</summary>
    Ready = 1,

    /// <summary>The document could not be read; <see cref="Document.FailureReason"/> says why.</summary>
    Failed = 2,

    /// <summary>A worker reads the document, or did until the worker died.</summary>
    Reading = 3,
}

/// <summary>A document as it was sent.</summary>
/// <param name="Name">The name that people know the document by, for instance its file name; 1 to
/// <see cref="MaxNameLength"/> characters.</param>
/// <param name="MediaType">A media type that <see cref="DocumentFormat.Find"/> knows. A <c>charset</c> parameter
/// says how text is encoded.</param>
/// <param name="Bytes">The content; 1 byte to <see cref="DocumentOptions.MaxBytes"/>.</param>
public sealed record DocumentContent(string Name, string MediaType, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>The longest name, in UTF-16 code units.</summary>
    public const int MaxNameLength = 255;

    /// <summary>The longest media type with its parameters, in UTF-16 code units.</summary>
    public const int MaxMediaTypeLength = 255;

    /// <summary>Whether a text can be a name. PostgreSQL keeps every character but NUL.</summary>
    /// <param name="name">The text.</param>
    /// <returns>Whether it is not blank, short enough, and without NUL.</returns>
    public static bool IsName(string? name) =>
        !string.IsNullOrWhiteSpace(name) && name.Length <= MaxNameLength && !name.Contains('\0');

    internal void ThrowIfInvalid(DocumentOptions limits)
    {
        if (!IsName(Name))
        {
            throw new ArgumentException(
                $"{nameof(Name)} must have 1 to {MaxNameLength} characters, none of them NUL.");
        }

        var format = DocumentFormat.Find(MediaType);
        if (format is null || MediaType.Length > MaxMediaTypeLength)
        {
            throw new ArgumentException($"{nameof(MediaType)} must be one of "
                + $"{string.Join(", ", DocumentFormat.All.Select(known => known.MediaType))}.");
        }

        var maxBytes = limits.MaxBytesOf(DocumentFormat.Sniff(Bytes.Span) ?? format);
        if (Bytes.Length < 1 || Bytes.Length > maxBytes)
        {
            throw new ArgumentException($"{nameof(Bytes)} must be 1 to {maxBytes} bytes long.");
        }
    }
}
