using System.Net.Mime;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Mirai.Api.Security;

namespace Mirai.Api.OpenApi;

/// <summary>Adds to each operation its body, what it asks of the caller, and that refusals are problems.</summary>
internal sealed class OperationDescription : IOpenApiOperationTransformer
{
    public async Task TransformAsync(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        if (metadata.OfType<RequestBodyKind>().LastOrDefault() is { } body)
        {
            operation.RequestBody = await BodyAsync(body, context, cancellationToken);
        }

        var problem = await context.GetOrCreateSchemaAsync(typeof(ProblemDetails), null, cancellationToken);
        operation.Responses ??= [];
        operation.Responses["default"] = new OpenApiResponse
        {
            Description = "Why not: problem details (RFC 9457), with the fields that are wrong in errors.",
            Content = new Dictionary<string, OpenApiMediaType>
            {
                [MediaTypeNames.Application.ProblemJson] = new OpenApiMediaType { Schema = problem },
            },
        };
        if (metadata.OfType<IAllowAnonymous>().Any())
        {
            operation.Security = [];
        }
        else if (metadata.OfType<IAuthorizeData>().LastOrDefault()?.Policy is { } scope)
        {
            operation.Description = $"Needs the scope `{scope}`.";
            operation.Security = [Needs(ApiKeyHandler.SchemeName, context), Needs(BearerScheme, context)];
        }
    }

    public const string BearerScheme = "Bearer";

    private static OpenApiSecurityRequirement Needs(string scheme, OpenApiOperationTransformerContext context) =>
        new() { [new OpenApiSecuritySchemeReference(scheme, context.Document)] = [] };

    private static async Task<OpenApiRequestBody> BodyAsync(
        RequestBodyKind kind, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var schema = kind.Type is null
            ? new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" }
            : (IOpenApiSchema)await context.GetOrCreateSchemaAsync(kind.Type, null, cancellationToken);

        return new OpenApiRequestBody
        {
            Required = true,
            Content = kind.ContentTypes.ToDictionary(
                type => type, _ => new OpenApiMediaType { Schema = schema }),
        };
    }
}
