using System.Data.Common;

namespace Mirai.Platform.Documents;

/// <summary>Documents and what was read from them, in the platform's database.</summary>
/// <remarks>Every method throws a <see cref="DbException"/>, itself or as the inner exception, when the database
/// cannot be reached or stays locked: nothing is changed then.</remarks>
public interface IDocumentStore
{
    /// <summary>Stores a document as <see cref="DocumentState.Received"/>, and with it the <see cref="SmeIngestion"/>
    /// that reads it: the outbox puts that into its queue, under the id of the document.</summary>
    /// <param name="content">The document.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The document as stored.</returns>
    /// <exception cref="ArgumentException">Name, media type or size is out of its limits; the message says
    /// which.</exception>
    Task<Document> CreateAsync(DocumentContent content, CancellationToken cancellationToken = default);

    /// <summary>A document with its extraction, both of the same moment.</summary>
    /// <param name="id">The document.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns><see langword="null"/> when there is no such document.</returns>
    Task<Document?> FindAsync(Guid id, CancellationToken cancellationToken = default);

    /// <summary>A document as it was sent.</summary>
    /// <param name="id">The document.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns><see langword="null"/> when there is no such document.</returns>
    Task<DocumentContent?> FindContentAsync(Guid id, CancellationToken cancellationToken = default);

    /// <summary>Deletes a document and its extraction. If its task is still to run, it finds no document and
    /// ends.</summary>
    /// <param name="id">The document.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>Whether there was one.</returns>
    Task<bool> DeleteAsync(Guid id, CancellationToken cancellationToken = default);

    /// <summary>A worker begins to read a document, which is <see cref="DocumentState.Reading"/> from now on unless it
    /// is read or failed already.</summary>
    /// <param name="id">The document.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>Its state; <see langword="null"/> when there is no such document.</returns>
    Task<DocumentState?> BeginAsync(Guid id, CancellationToken cancellationToken = default);

    /// <summary>Says how much of a document is read, and that its worker lives.</summary>
    /// <param name="id">The document.</param>
    /// <param name="percent">From 0 to 100.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>Completes when it is stored.</returns>
    Task ReportAsync(Guid id, int percent, CancellationToken cancellationToken = default);

    /// <summary>Looks for documents whose task was lost, or whose worker died, and gives them a new one; those that
    /// were given up often enough are <see cref="DocumentState.Failed"/>. Any number of workers may look at the same
    /// time.</summary>
    /// <param name="cancellationToken">Gives up; what is found is found the next time.</param>
    /// <returns>How many got a new task.</returns>
    Task<int> ReviveAsync(CancellationToken cancellationToken = default);

    /// <summary>Stores what was read from a document, which is <see cref="DocumentState.Ready"/> from now on. It
    /// replaces an earlier extraction and an earlier failure.</summary>
    /// <param name="id">The document.</param>
    /// <param name="extraction">What was read.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>Whether there is such a document.</returns>
    Task<bool> CompleteAsync(Guid id, DocumentExtraction extraction, CancellationToken cancellationToken = default);

    /// <summary>Says that a document is <see cref="DocumentState.Failed"/>. A document that is ready stays so: a late
    /// attempt takes nothing away.</summary>
    /// <param name="id">The document.</param>
    /// <param name="reason">Why, in words for whoever sent it.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>Completes when it is stored.</returns>
    Task FailAsync(Guid id, string reason, CancellationToken cancellationToken = default);
}
