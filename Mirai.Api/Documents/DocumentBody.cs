using System.Net.Mime;
using Microsoft.AspNetCore.Http.Features;
using Mirai.Api.Requests;
using Mirai.Platform.Documents;

namespace Mirai.Api.Documents;

/// <summary>Reads a document from a request: the body itself, or the one file of a form.</summary>
internal sealed class DocumentBody(HttpRequest request, DocumentOptions limits)
{
    // For the parts of a form other than its file.
    private const int BytesOfForm = 64 * 1024;

    private const string Body = "body";
    private const string Form = "form";

    public static int MaxBodyBytes(DocumentOptions limits) => limits.MaxBytes + BytesOfForm;

    /// <summary>Reads the document.</summary>
    /// <exception cref="InvalidRequestException">There is no document, or it cannot be stored.</exception>
    /// <exception cref="BadHttpRequestException">The body ends too early.</exception>
    public async Task<DocumentContent> ReadAsync(CancellationToken cancellationToken)
    {
        request.ApplyBodyLimit();
        var type = request.ContentType;
        if (request.HasFormContentType && type!.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase))
        {
            return await ReadFormAsync(cancellationToken);
        }

        if (FindFormat(type) is null && !IsUnknown(type))
        {
            throw Unsupported("Content-Type");
        }

        var bytes = await ReadBytesAsync(request.Body, cancellationToken);
        var name = request.Query["name"].ToString();
        var mediaType = MediaTypeOf(type, name, bytes) ?? throw Unsupported("Content-Type");
        var extension = DocumentFormat.Find(mediaType)!.FileExtensions[0];

        return Checked(Body, new DocumentContent(name.Length > 0 ? name : $"document{extension}", mediaType, bytes));
    }

    private async Task<DocumentContent> ReadFormAsync(CancellationToken cancellationToken)
    {
        var file = FindFile(await ReadFilesAsync(cancellationToken));
        var name = file.FileName is { Length: > 0 } given ? given : "document";
        await using var content = file.OpenReadStream();
        var bytes = await ReadBytesAsync(content, cancellationToken);
        var mediaType = MediaTypeOf(file.ContentType, name, bytes) ?? throw Unsupported(file.Name);

        return Checked(file.Name, new DocumentContent(name, mediaType, bytes));
    }

    private async Task<IFormFileCollection> ReadFilesAsync(CancellationToken cancellationToken)
    {
        // Keep the form in memory, which its limit allows: the disk may be read-only.
        var form = new FormOptions { MemoryBufferThreshold = MaxBodyBytes(limits) };
        try
        {
            return (await request.ReadFormAsync(form, cancellationToken)).Files;
        }
        catch (InvalidDataException exception)
        {
            throw new InvalidRequestException(Form, $"cannot be read: {exception.Message}");
        }
        catch (IOException exception) when (exception is not BadHttpRequestException)
        {
            throw new InvalidRequestException(Form, "ends too early");
        }
    }

    private static IFormFile FindFile(IFormFileCollection files) => files switch
    {
        [var file] => file,
        [] => throw new InvalidRequestException(Form, "must hold one file, and holds none"),
        _ => throw new InvalidRequestException(Form, $"must hold one file, and holds {files.Count}"),
    };

    // The bytes decide where they show the format (PDF, DOCX). Text shows none: there the media type decides.
    private static string? MediaTypeOf(string? said, string name, byte[] bytes)
    {
        if (!IsUnknown(said) && FindFormat(said) is null)
        {
            return null;
        }

        return DocumentFormat.Sniff(bytes) is { IsText: false } seen
            ? seen.MediaType
            : IsUnknown(said) ? DocumentFormat.FindByFileName(name)?.MediaType : said;
    }

    // A sender that does not know the type leaves it out or sends application/octet-stream.
    private static bool IsUnknown(string? mediaType) => mediaType is null or "" or MediaTypeNames.Application.Octet;

    private static DocumentFormat? FindFormat(string? mediaType) =>
        mediaType?.Length > DocumentContent.MaxMediaTypeLength ? null : DocumentFormat.Find(mediaType);

    private static async Task<byte[]> ReadBytesAsync(Stream content, CancellationToken cancellationToken)
    {
        using var bytes = new MemoryStream();
        await content.CopyToAsync(bytes, cancellationToken);
        return bytes.ToArray();
    }

    private DocumentContent Checked(string field, DocumentContent content)
    {
        if (content.Bytes.IsEmpty)
        {
            throw new InvalidRequestException(field, "is empty");
        }

        var most = limits.MaxBytesOf(
            DocumentFormat.Sniff(content.Bytes.Span) ?? DocumentFormat.Find(content.MediaType));
        if (content.Bytes.Length > most)
        {
            throw new InvalidRequestException(
                field, $"must have at most {most} bytes", StatusCodes.Status413PayloadTooLarge);
        }

        return DocumentContent.IsName(content.Name)
            ? content
            : throw new InvalidRequestException(
                "name", $"must have 1 to {DocumentContent.MaxNameLength} characters, none of them NUL");
    }

    private static InvalidRequestException Unsupported(string field) => new(
        field,
        $"must be {string.Join(", ", DocumentFormat.All.Select(format => format.MediaType))}, or " +
        "multipart/form-data with such a file",
        StatusCodes.Status415UnsupportedMediaType);
}
