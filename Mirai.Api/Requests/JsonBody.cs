using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;

namespace Mirai.Api.Requests;

/// <summary>Reads a JSON body, and names the wrong field in words that ask for no knowledge of .NET.</summary>
internal static partial class JsonBody
{
    private const string Whole = "body";

    // Part of a message of System.Text.Json; a test notices when it changes.
    private const string UnknownMember = "could not be mapped";

    /// <summary>Reads the body.</summary>
    /// <exception cref="InvalidRequestException">The content type is not JSON, a member is unknown or has a value of
    /// the wrong kind, or the body is too large.</exception>
    /// <exception cref="MalformedJsonException">The body is no JSON.</exception>
    /// <exception cref="BadHttpRequestException">The body ends too early.</exception>
    public static async Task<T> ReadAsync<T>(HttpRequest request, CancellationToken cancellationToken)
        where T : class
    {
        request.ApplyBodyLimit();
        CheckContentType(request);
        var type = request.HttpContext.RequestServices.GetRequiredService<ExactJson>().TypeOf<T>();
        try
        {
            return await JsonSerializer.DeserializeAsync(request.Body, type, cancellationToken)
                ?? throw new InvalidRequestException(Whole, "must be a JSON object");
        }
        catch (JsonException exception) when (exception.InnerException is JsonException)
        {
            throw Malformed(exception);
        }
        catch (JsonException exception)
        {
            throw WrongKind(exception, type);
        }
    }

    private static void CheckContentType(HttpRequest request)
    {
        if (!request.HasJsonContentType() || !IsUtf8(request.ContentType))
        {
            throw new InvalidRequestException(
                "Content-Type", "must be application/json, in UTF-8", StatusCodes.Status415UnsupportedMediaType);
        }
    }

    private static bool IsUtf8(string? contentType) =>
        MediaTypeHeaderValue.TryParse(contentType, out var parsed)
        && (parsed.CharSet?.Trim('"') ?? "utf-8").Equals("utf-8", StringComparison.OrdinalIgnoreCase);

    private static MalformedJsonException Malformed(JsonException exception)
    {
        var reason = PartsForProgrammers().Replace(exception.InnerException!.Message, "");
        return new MalformedJsonException(
            reason, (exception.LineNumber ?? 0) + 1, (exception.BytePositionInLine ?? 0) + 1);
    }

    private static InvalidRequestException WrongKind(JsonException exception, JsonTypeInfo type)
    {
        var field = FieldOf(exception.Path ?? "$");
        if (field.Length == 0)
        {
            return new InvalidRequestException(Whole, "must be a JSON object");
        }

        if (field != FirstSegment(field) && exception.Message.Contains(UnknownMember, StringComparison.Ordinal))
        {
            return new InvalidRequestException(field, "is not known");
        }

        var member = type.Properties.FirstOrDefault(property => property.Name == FirstSegment(field));
        return new InvalidRequestException(field, member is null
            ? $"is not known; known members: {string.Join(", ", type.Properties.Select(property => property.Name))}"
            : $"must be {(member.Name == field ? Kind(member.PropertyType) : "text")}");
    }

    // A path is $.name, $.name.inner, or $['a name with other letters'].
    private static string FieldOf(string path) => path.StartsWith("$['", StringComparison.Ordinal)
        ? path[3..].TrimEnd(']').TrimEnd('\'')
        : path[1..].TrimStart('.');

    private static string FirstSegment(string path) =>
        path.IndexOfAny(['.', '[']) is var end and > 0 ? path[..end] : path;

    private static string Kind(Type type) => (Nullable.GetUnderlyingType(type) ?? type) switch
    {
        var kind when kind == typeof(int) => $"a whole number of at most {int.MaxValue}",
        var kind when kind == typeof(string) => "text",
        var kind when kind.IsGenericType && kind.GetGenericTypeDefinition() == typeof(List<>) => "a list",
        _ => "an object whose members are text",
    };

    // Hints at the parser's settings, and a position that counts from 0.
    [GeneratedRegex(" (Expected the input to start|LineNumber:).*", RegexOptions.Singleline)]
    private static partial Regex PartsForProgrammers();
}

/// <summary>A body that is no JSON.</summary>
/// <param name="reason">What the parser met.</param>
/// <param name="line">Where, from 1.</param>
/// <param name="position">At which byte of the line, from 1.</param>
internal sealed class MalformedJsonException(string reason, long line, long position) : Exception(reason)
{
    public long Line { get; } = line;

    public long Position { get; } = position;
}

/// <summary>JSON with exact names, in which an unknown member is an error. It reads bodies, and writes the data of
/// events.</summary>
/// <param name="options">The generated code of all types.</param>
internal sealed class ExactJson(JsonSerializerOptions options)
{
    public JsonTypeInfo<T> TypeOf<T>() => (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T));
}
