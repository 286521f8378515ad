using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Mirai.Api.Requests;
using Mirai.Platform.Documents;

namespace Mirai.Api.Documents;

/// <summary>Documents and what was read from them.</summary>
internal static class DocumentEndpoints
{
    public static RouteGroupBuilder MapDocuments(this IEndpointRouteBuilder routes)
    {
        var limits = routes.ServiceProvider.GetRequiredService<IOptions<DocumentOptions>>().Value;
        var group = routes.MapGroup("/api/documents").WithTags("Documents");
        group.MapPost("", CreateAsync).WithSummary("Takes a document; a worker reads it.")
            .WithBodyLimit(DocumentBody.MaxBodyBytes(limits));
        group.MapGet("/{id}", GetAsync).WithSummary("A document: its state, and what was read from it.");
        return group;
    }

    // The answer's other forms (400, 413, 415, 503) come from the exceptions that the body and the store throw.
    private static async Task<Accepted<DocumentResponse>> CreateAsync(
        HttpRequest request, IDocumentStore documents, IOptions<DocumentOptions> options,
        CancellationToken cancellationToken)
    {
        var content = await new DocumentBody(request, options.Value).ReadAsync(cancellationToken);
        var document = await documents.CreateAsync(content, cancellationToken);

        return TypedResults.Accepted($"/api/documents/{document.Id}", DocumentResponse.From(document));
    }

    private static async Task<Results<Ok<DocumentResponse>, ProblemHttpResult>> GetAsync(
        string id, IDocumentStore documents, CancellationToken cancellationToken)
    {
        return Guid.TryParse(id, out var known) && await documents.FindAsync(known, cancellationToken) is { } document
            ? TypedResults.Ok(DocumentResponse.From(document))
            : TypedResults.Problem($"There is no document \"{id}\".", statusCode: StatusCodes.Status404NotFound);
    }
}
