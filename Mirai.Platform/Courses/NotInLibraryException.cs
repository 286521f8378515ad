namespace Mirai.Platform.Courses;

/// <summary>Ends the making of an entry for what does not exist, so that its absence is not cached.</summary>
internal sealed class NotInLibraryException() : Exception("There is no such course or folder.");
