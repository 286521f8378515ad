namespace Mirai.Api.Folders;

/// <summary>A folder that was added or changed.</summary>
internal sealed record FolderResponse(Guid Id, string Name, Guid? ParentId);
