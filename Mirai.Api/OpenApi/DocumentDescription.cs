using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Mirai.Api.Security;

namespace Mirai.Api.OpenApi;

/// <summary>Adds the title and the kinds of credentials to the description.</summary>
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

        // The address of this process is not part of the description.
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
