using Mirai.Platform.Documents;

namespace Mirai.Platform.Generation;

/// <summary>The source of a course: all chunks of its documents, labelled from 1 in their order. The same documents in
/// the same order have the same labels.</summary>
/// <param name="Title">The title of the first document, or its name.</param>
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

    /// <summary>Keeps the chunks with these labels. A label that does not exist is ignored.</summary>
    public SourceMaterial Only(IEnumerable<int> labels)
    {
        var wanted = labels.ToHashSet();
        return this with { Chunks = [.. Chunks.Where(chunk => wanted.Contains(chunk.Label))] };
    }

    /// <summary>Keeps as many chunks as fit, evenly distributed over the material.</summary>
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

            // Keep no larger share of the limit than the share of the material seen so far.
            if (taken + chunk.Text.Length <= seen * characters / total)
            {
                kept.Add(chunk);
                taken += chunk.Text.Length;
            }
        }

        return this with { Chunks = kept.Count > 0 ? kept : [Chunks[0]] };
    }
}

/// <summary>A chunk of a document, as generators see it.</summary>
/// <param name="Label">The number of the chunk in the material.</param>
/// <param name="DocumentId">The document.</param>
/// <param name="Document">The title of the document, or its name.</param>
/// <param name="Chunk">The number of the chunk in the document.</param>
/// <param name="Place">The place in the document.</param>
/// <param name="Text">The text.</param>
internal sealed record SourceChunk(
    int Label, Guid DocumentId, string Document, int Chunk, SourcePlace Place, string Text);

/// <summary>The place of a chunk in its document.</summary>
/// <param name="Section">The section, from 0.</param>
/// <param name="Heading">The heading of the section.</param>
/// <param name="Level">The level of the heading; 0 without a heading.</param>
/// <param name="Page">The page, from 1.</param>
internal sealed record SourcePlace(int Section, string? Heading, int Level, int? Page);
