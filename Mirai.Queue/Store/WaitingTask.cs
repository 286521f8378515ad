namespace Mirai.Queue.Store;

/// <summary>A task that its worker put back because its type was at its limit.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Due">When it becomes pending by itself, in Unix seconds.</param>
internal readonly record struct WaitingTask(string Id, long Due);
