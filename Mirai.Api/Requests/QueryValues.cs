using System.Globalization;
using Mirai.Queue.Inspector;

namespace Mirai.Api.Requests;

/// <summary>Reads what stands behind the question mark. All of it is text first: an answer names what is wrong.</summary>
internal static class QueryValues
{
    private const int LargestPage = 100;
    private const int UsualPage = 30;

    // With the largest page still a number of 32 bits.
    private const int LastPage = 1_000_000;

    /// <summary>A page of a list.</summary>
    /// <param name="page">Which: 1 when it is not said.</param>
    /// <param name="pageSize">How many entries: 30 when it is not said, at most 100.</param>
    /// <exception cref="InvalidRequestException">They cannot be meant.</exception>
    public static Paging Page(string? page, string? pageSize)
    {
        var errors = new FieldErrors();
        var number = Number(nameof(page), page, LastPage, errors) ?? 1;
        var size = Number(nameof(pageSize), pageSize, LargestPage, errors) ?? UsualPage;
        errors.ThrowIfAny();

        return new Paging { Number = number, Size = size };
    }

    /// <summary>A number from 1 to <paramref name="most"/>; <see langword="null"/> when it is not said, or wrong and
    /// noted.</summary>
    public static int? Number(string field, string? text, int most, FieldErrors errors)
    {
        if (text is null)
        {
            return null;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number >= 1 && number <= most)
        {
            return number;
        }

        errors.Add(field, string.Create(CultureInfo.InvariantCulture, $"must be a number from 1 to {most}"));
        return null;
    }

    /// <summary>Yes or no; no when it is not said.</summary>
    /// <exception cref="InvalidRequestException">It is neither.</exception>
    public static bool Switch(string field, string? text) => text switch
    {
        null or "false" => false,
        "true" => true,
        _ => throw new InvalidRequestException(field, "must be true or false"),
    };
}
