using Mirai.Queue.Wire;

namespace Mirai.Queue.Store;

/// <summary>A task whose worker stopped renewing its lease.</summary>
/// <param name="TaskId">Its id.</param>
/// <param name="Lease">The expiry of that lease, in Unix seconds.</param>
/// <param name="Message">What was stored; <see langword="null"/> when the bytes are no message.</param>
/// <param name="IsGhost">The id is listed, but its task is gone.</param>
/// <param name="Member">What the layout knows it by, unless that is its id.</param>
internal readonly record struct ExpiredTask(
    string TaskId, long Lease, TaskMessage? Message, bool IsGhost, StoredMember? Member = null);
