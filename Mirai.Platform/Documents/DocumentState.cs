namespace Mirai.Platform.Documents;

/// <summary>What became of a document.</summary>
public enum DocumentState
{
    /// <summary>Stored, and not read yet.</summary>
    Received = 0,

    /// <summary>Read; its extraction is there.</summary>
    Ready = 1,

    /// <summary>It could not be read; <see cref="Document.FailureReason"/> says why.</summary>
    Failed = 2,

    /// <summary>A worker reads it, or did until it died.</summary>
    Reading = 3,
}
