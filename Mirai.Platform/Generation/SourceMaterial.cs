using Mirai.Platform.Documents;

namespace Mirai.Platform.Generation;

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

/// <summary>A piece of a document, as generators see it.</summary>
/// <param name="Label">Its number in the material.</param>
/// <param name="DocumentId">The document.</param>
/// <param name="Document">What the document is called.</param>
/// <param name="Chunk">Its number in the document.</param>
/// <param name="Place">Where it stands there.</param>
/// <param name="Text">What it says.</param>
internal sealed record SourceChunk(
    int Label, Guid DocumentId, string Document, int Chunk, SourcePlace Place, string Text);

/// <summary>Where a piece of a document stands.</summary>
/// <param name="Section">Its section, from 0.</param>
/// <param name="Heading">The section's heading.</param>
/// <param name="Level">The heading's level; 0 without one.</param>
/// <param name="Page">Its page, from 1.</param>
internal sealed record SourcePlace(int Section, string? Heading, int Level, int? Page);
