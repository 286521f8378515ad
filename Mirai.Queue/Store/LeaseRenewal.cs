namespace Mirai.Queue.Store;

/// <summary>A lease to be moved, if it is still this worker's.</summary>
/// <param name="TaskId">The task.</param>
/// <param name="Lease">The expiry this worker wrote last, in Unix seconds.</param>
/// <param name="Member">What the layout knows the task by, unless that is its id.</param>
internal readonly record struct LeaseRenewal(string TaskId, long Lease, StoredMember? Member = null);
