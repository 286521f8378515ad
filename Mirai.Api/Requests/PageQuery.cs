using Mirai.Queue;

namespace Mirai.Api.Requests;

/// <summary>Which page of a list a request asks for.</summary>
internal static class PageQuery
{
    // Redis walks a list from its end to the page.
    private const int MaxPage = 10_000;
    private const int MaxSize = 100;
    private const int DefaultSize = 30;

    /// <summary>Reads <c>page</c> (1 to 10,000) and <c>pageSize</c> (1 to 100, default 30).</summary>
    public static Paging Read(string? page, string? pageSize, FieldErrors errors)
    {
        var number = FieldValues.Number("page", page, (1, MaxPage), errors) ?? 1;
        var size = FieldValues.Number("pageSize", pageSize, (1, MaxSize), errors) ?? DefaultSize;
        errors.ThrowIfAny();

        return new Paging { Number = number, Size = size };
    }
}
