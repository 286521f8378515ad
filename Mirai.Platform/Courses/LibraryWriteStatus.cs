namespace Mirai.Platform.Courses;

/// <summary>What became of a change of the library.</summary>
public enum LibraryWriteStatus
{
    /// <summary>It is stored.</summary>
    Done,

    /// <summary>There is no such course or folder.</summary>
    NotFound,

    /// <summary>It is another version than the change is for.</summary>
    PreconditionFailed,

    /// <summary>The folder it is to lie in does not exist.</summary>
    NoSuchFolder,

    /// <summary>The folder would lie in itself, or too deep.</summary>
    FolderTooDeep,

    /// <summary>The folder has folders or courses in it.</summary>
    FolderNotEmpty,
}
