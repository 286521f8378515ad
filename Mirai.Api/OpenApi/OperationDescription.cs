using System.Net.Mime;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.OpenApi;
using Mirai.Api.Requests;
using Mirai.Api.Security;

namespace Mirai.Api.OpenApi;

/// <summary>Adds its body, its headers, its scope and the form of refusals to each operation.</summary>
internal sealed class OperationDescription : IOpenApiOperationTransformer
{
    public const string BearerScheme = "Bearer";

    private const string Ok = "200";

    public async Task TransformAsync(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        if (metadata.OfType<RouteBody>().LastOrDefault() is { } body)
        {
            operation.RequestBody = await BodyAsync(body, context, cancellationToken);
        }

        AddParameters(operation, context.Description.RelativePath!, metadata.OfType<RouteHeader>());
        AddProblem(operation, await context.GetOrCreateSchemaAsync(typeof(ProblemDetails), null, cancellationToken));
        AddScope(operation, metadata, context);
    }

    // Filters read parts of the path that the handler does not declare.
    private static void AddParameters(OpenApiOperation operation, string path, IEnumerable<RouteHeader> headers)
    {
        operation.Parameters ??= [];
        var known = operation.Parameters.Select(parameter => parameter.Name).ToHashSet();
        var names = RoutePatternFactory.Parse(path).Parameters.Select(part => part.Name);
        foreach (var name in names.Where(name => !known.Contains(name)))
        {
            operation.Parameters.Add(new OpenApiParameter
            {
                Name = name, In = ParameterLocation.Path, Required = true, Schema = Text(),
            });
        }

        foreach (var header in headers)
        {
            operation.Parameters.Add(new OpenApiParameter
            {
                Name = header.Name, In = ParameterLocation.Header, Description = header.Description, Schema = Text(),
            });
        }
    }

    private static void AddProblem(OpenApiOperation operation, OpenApiSchema problem)
    {
        // A handler that returns an object is described as 200, beside the answers that its route declares.
        operation.Responses ??= [];
        if (operation.Responses.Keys.Any(status => status.StartsWith('2') && status != Ok))
        {
            operation.Responses.Remove(Ok);
        }

        operation.Responses["default"] = new OpenApiResponse
        {
            Description = "A refusal: problem details (RFC 9457), with the wrong fields in errors.",
            Content = new Dictionary<string, OpenApiMediaType>
            {
                [MediaTypeNames.Application.ProblemJson] = new OpenApiMediaType { Schema = problem },
            },
        };
    }

    private static void AddScope(
        OpenApiOperation operation, IList<object> metadata, OpenApiOperationTransformerContext context)
    {
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

    private static OpenApiSchema Text() => new() { Type = JsonSchemaType.String };

    private static OpenApiSecurityRequirement Needs(string scheme, OpenApiOperationTransformerContext context) =>
        new() { [new OpenApiSecuritySchemeReference(scheme, context.Document)] = [] };

    private static async Task<OpenApiRequestBody> BodyAsync(
        RouteBody kind, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
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
