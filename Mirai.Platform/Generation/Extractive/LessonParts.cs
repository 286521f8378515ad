
namespace Mirai.Platform.Generation.Extractive;

/// <summary>Divides material into lessons at the main headings of its documents.</summary>
internal static class LessonParts
{
    private const int LowestLevel = 6;
    private const int LeastParts = 2;

    // A document without headings is divided by length.
    private const int ChunksOfPart = 6;

    /// <summary>The chunks of each lesson, in order: at most <paramref name="most"/> lessons, none of them empty.
    /// </summary>
    public static IReadOnlyList<IReadOnlyList<SourceChunk>> Of(IReadOnlyList<SourceChunk> chunks, int most)
    {
        var parts = chunks.GroupBy(chunk => chunk.DocumentId).SelectMany(document => Divide([.. document])).ToList();
        if (parts.Count <= most)
        {
            return parts;
        }

        return
        [
            .. Enumerable.Range(0, most).Select(index => (IReadOnlyList<SourceChunk>)
            [
                .. parts[(index * parts.Count / most)..((index + 1) * parts.Count / most)].SelectMany(part => part),
            ]),
        ];
    }

    // Divides at the highest level of headings that makes at least two parts: below a single title, that is the
    // second level.
    private static IEnumerable<IReadOnlyList<SourceChunk>> Divide(List<SourceChunk> document)
    {
        for (var level = 1; level <= LowestLevel; level++)
        {
            var parts = DivideAt(document, level);
            if (parts.Count >= LeastParts)
            {
                return parts;
            }
        }

        return document.Chunk(ChunksOfPart);
    }

    private static List<List<SourceChunk>> DivideAt(List<SourceChunk> document, int level)
    {
        var parts = new List<List<SourceChunk>>();
        var section = -1;
        foreach (var chunk in document)
        {
            var isNew = chunk.Place.Section != section && chunk.Place.Level > 0 && chunk.Place.Level <= level;
            if (isNew || parts.Count == 0)
            {
                parts.Add([]);
            }

            parts[^1].Add(chunk);
            section = chunk.Place.Section;
        }

        return parts;
    }
}
