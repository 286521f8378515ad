using Mirai.Platform.Documents;

namespace Mirai.Platform.Generation.Sources;

/// <summary>What a course is made from: all chunks of its documents, labelled from 1 in their order. The same
/// documents in the same order have the same labels.</summary>
/// <param name="Title">What the first document calls itself, or is called.</param>
/// <param name="Chunks">The chunks.</param>
internal sealed record SourceMaterial(string Title, IReadOnlyList<SourceChunk> Chunks)
{
    public static SourceMaterial Of(IEnumerable<Document> documents)
    {
        var chunks = new List<SourceChunk>();
        string? title = null;
        foreach (var document in documents)
        {
            var extraction = document.Extraction!;
            var name = extraction.Title ?? Path.GetFileNameWithoutExtension(document.Name);
            title ??= name;
            foreach (var chunk in extraction.Chunks)
            {
                var section = extraction.Sections[chunk.Section];
                var place = new SourcePlace(chunk.Section, section.Heading, section.Level, chunk.Page);
                chunks.Add(new SourceChunk(
                    chunks.Count + 1, document.Id, name, chunk.Index, place, extraction.TextOf(chunk)));
            }
        }

        return new SourceMaterial(title ?? "", chunks);
    }

    /// <summary>Only those, as far as they exist.</summary>
    public SourceMaterial Only(IEnumerable<int> labels)
    {
        var wanted = labels.ToHashSet();
        return this with { Chunks = [.. Chunks.Where(chunk => wanted.Contains(chunk.Label))] };
    }

    /// <summary>As many chunks as fit, from beginning to end, with even gaps.</summary>
    public SourceMaterial Within(int characters)
    {
        var total = Chunks.Sum(chunk => (long)chunk.Text.Length);
        if (total <= characters)
        {
            return this;
        }

        var kept = new List<SourceChunk>();
        long seen = 0, taken = 0;
        foreach (var chunk in Chunks)
        {
            seen += chunk.Text.Length;

            // Never ahead of the share that this part of the material has in the whole.
            if (taken + chunk.Text.Length <= seen * characters / total)
            {
                kept.Add(chunk);
                taken += chunk.Text.Length;
            }
        }

        return this with { Chunks = kept.Count > 0 ? kept : [Chunks[0]] };
    }
}
