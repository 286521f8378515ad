namespace Mirai.Platform.Database;

/// <summary>A folder of courses.</summary>
internal sealed class FolderRow
{
    public required Guid Id { get; init; }

    public required string Name { get; set; }

    public Guid? ParentId { get; set; }

    public int Version { get; set; } = 1;
}
