namespace Mirai.Api.Folders;

/// <summary>Body of <c>POST /api/folders</c> and <c>PUT /api/folders/{id}</c>.</summary>
internal sealed record FolderRequest
{
    public string? Name { get; init; }

    /// <summary>The folder it lies in; none for one at the top.</summary>
    public string? ParentId { get; init; }
}
