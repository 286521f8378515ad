using System.Net.Mime;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Mirai.Api.Requests;
using Mirai.Api.Security;
using Mirai.Platform.Documents;

namespace Mirai.Api.Documents;

/// <summary>Documents, and the text that workers read from them.</summary>
internal static class DocumentEndpoints
{
    public static RouteGroupBuilder MapDocuments(this IEndpointRouteBuilder routes)
    {
        var limits = routes.ServiceProvider.GetRequiredService<IOptions<DocumentOptions>>().Value;
        var group = routes.MapGroup("/api/documents").WithTags("Documents")
            .RequireScopes(Scopes.PlatformRead, Scopes.PlatformWrite);
        group.MapPost("", CreateAsync).WithSummary("Takes a document; a worker reads it.")
            .WithRawBody(
                DocumentBody.MaxBodyBytes(limits),
                [.. DocumentFormat.All.Select(format => format.MediaType), MediaTypeNames.Multipart.FormData]);
        group.MapGet("/{id}", GetAsync).WithSummary("A document: its state, and what was read from it.");
        group.MapGet("/{id}/chunks", ListChunksAsync).WithSummary("The pieces of a document, each with its place.");
        return group;
    }

    // Answers that the results do not name (400, 413, 415, 503) come from exceptions.
    private static async Task<Accepted<DocumentResponse>> CreateAsync(
        HttpRequest request, DocumentStore documents, IOptions<DocumentOptions> options,
        CancellationToken cancellationToken)
    {
        var content = await new DocumentBody(request, options.Value).ReadAsync(cancellationToken);
        var document = await documents.CreateAsync(content, cancellationToken);

        return TypedResults.Accepted($"/api/documents/{document.Id}", DocumentResponse.From(document));
    }

    private static async Task<Results<Ok<DocumentResponse>, ProblemHttpResult>> GetAsync(
        string id, DocumentStore documents, CancellationToken cancellationToken)
    {
        return await FindAsync(id, documents, cancellationToken) is { } document
            ? TypedResults.Ok(DocumentResponse.From(document))
            : NotFound(id);
    }

    private static async Task<Results<Ok<IReadOnlyList<ChunkResponse>>, ProblemHttpResult>> ListChunksAsync(
        string id, DocumentStore documents, CancellationToken cancellationToken)
    {
        if (await FindAsync(id, documents, cancellationToken) is not { } document)
        {
            return NotFound(id);
        }

        var extraction = document.Extraction;
        IReadOnlyList<ChunkResponse> chunks = extraction is null
            ? []
            : [.. extraction.Chunks.Select(chunk => ChunkResponse.From(extraction, chunk))];

        return TypedResults.Ok(chunks);
    }

    private static async Task<Document?> FindAsync(
        string id, DocumentStore documents, CancellationToken cancellationToken) =>
        Guid.TryParse(id, out var known) ? await documents.FindAsync(known, cancellationToken) : null;

    private static ProblemHttpResult NotFound(string id) =>
        TypedResults.Problem($"There is no document \"{id}\".", statusCode: StatusCodes.Status404NotFound);
}
