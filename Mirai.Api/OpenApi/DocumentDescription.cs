using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Mirai.Api.Security;

namespace Mirai.Api.OpenApi;

/// <summary>Says what the API is, and how callers show who they are.</summary>
internal sealed class DocumentDescription : IOpenApiDocumentTransformer
{
    public Task TransformAsync(
        OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new OpenApiInfo
        {
            Title = "Mirai",
            Version = "v1",
            Description = "Puts tasks into queues, looks at them and manages them; documents, courses and payments.",
        };

        // Where it answers is not part of what it is.
        document.Servers = [];
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            [ApiKeyHandler.SchemeName] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.ApiKey,
                In = ParameterLocation.Header,
                Name = ApiKeyHandler.Header,
            },
            [OperationDescription.BearerScheme] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                BearerFormat = "JWT",
            },
        };

        return Task.CompletedTask;
    }
}
