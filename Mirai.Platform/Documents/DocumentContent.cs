namespace Mirai.Platform.Documents;

/// <summary>A document as it was sent.</summary>
/// <param name="Name">What people call it, for instance its file name; 1 to <see cref="MaxNameLength"/>
/// characters.</param>
/// <param name="MediaType">One that <see cref="DocumentFormat.Find"/> knows; a <c>charset</c> parameter is
/// honoured.</param>
/// <param name="Bytes">The content; 1 byte to <see cref="DocumentOptions.MaxBytes"/>.</param>
public sealed record DocumentContent(string Name, string MediaType, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>The longest name, in UTF-16 code units.</summary>
    public const int MaxNameLength = 255;

    /// <summary>The longest media type with its parameters, in UTF-16 code units.</summary>
    public const int MaxMediaTypeLength = 255;

    /// <summary>Whether a text can be a name. PostgreSQL keeps every character but NUL.</summary>
    /// <param name="name">The text.</param>
    /// <returns>Whether it is not blank, short enough, and without NUL.</returns>
    public static bool IsName(string? name) =>
        !string.IsNullOrWhiteSpace(name) && name.Length <= MaxNameLength && !name.Contains('\0');
}
