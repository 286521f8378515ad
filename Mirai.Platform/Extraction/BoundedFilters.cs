using UglyToad.PdfPig.Filters;
using UglyToad.PdfPig.Tokenization.Scanner;
using UglyToad.PdfPig.Tokens;

namespace Mirai.Platform.Extraction;

/// <summary>The filters of PDF streams with a limit on their output: ten bytes of Flate can decode to ten
/// thousand.</summary>
internal sealed class BoundedFilters : ILookupFilterProvider
{
    private readonly DecodedBudget budget = new();

    public IReadOnlyList<IFilter> GetFilters(DictionaryToken dictionary) =>
        Bound(DefaultFilterProvider.Instance.GetFilters(dictionary));

    public IReadOnlyList<IFilter> GetFilters(DictionaryToken dictionary, IPdfTokenScanner scanner) =>
        Bound(DefaultFilterProvider.Instance is ILookupFilterProvider lookup
            ? lookup.GetFilters(dictionary, scanner)
            : DefaultFilterProvider.Instance.GetFilters(dictionary));

    public IReadOnlyList<IFilter> GetNamedFilters(IReadOnlyList<NameToken> names) =>
        Bound(DefaultFilterProvider.Instance.GetNamedFilters(names));

    public IReadOnlyList<IFilter> GetAllFilters() => Bound(DefaultFilterProvider.Instance.GetAllFilters());

    private IReadOnlyList<IFilter> Bound(IReadOnlyList<IFilter> filters) =>
        [.. filters.Select(filter => new BoundedFilter(filter, budget))];
}

/// <summary>A filter that decodes only after a check that its output fits the budget.</summary>
internal sealed class BoundedFilter(IFilter inner, DecodedBudget budget) : IFilter
{
    // The longest string of LZW has 4,096 bytes for 12 bits; a run has 128 bytes for 2.
    private const int MaxLzwBytes = 128 * 1024;
    private const int RunLengthRatio = 64;

    public bool IsSupported => inner.IsSupported;

    public Memory<byte> Decode(
        Memory<byte> input, DictionaryToken streamDictionary, IFilterProvider filterProvider, int filterIndex)
    {
        switch (inner)
        {
            case FlateFilter:
                budget.Inflate(input);
                break;
            case LzwFilter:
                budget.Check(input.Length > MaxLzwBytes ? long.MaxValue : 0);
                break;
            case RunLengthFilter:
                budget.Check((long)input.Length * RunLengthRatio);
                break;
        }

        var decoded = inner.Decode(input, streamDictionary, filterProvider, filterIndex);
        budget.Spend(decoded.Length);

        return decoded;
    }
}
