using Mirai.Queue.Inspector;

namespace Mirai.Api.Requests;

/// <summary>Reads what stands behind the question mark.</summary>
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
        var number = FieldValues.Number(nameof(page), page, (1, LastPage), errors) ?? 1;
        var size = FieldValues.Number(nameof(pageSize), pageSize, (1, LargestPage), errors) ?? UsualPage;
        errors.ThrowIfAny();

        return new Paging { Number = number, Size = size };
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
