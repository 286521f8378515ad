using UglyToad.PdfPig.Filters;
using UglyToad.PdfPig.Tokenization.Scanner;
using UglyToad.PdfPig.Tokens;

namespace Mirai.Platform.Extraction;

/// <summary>The filters of PDF streams within bounds: ten bytes of Flate can stand for ten thousand.</summary>
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
