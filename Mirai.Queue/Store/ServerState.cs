using Mirai.Queue.Wire;

namespace Mirai.Queue.Store;

/// <summary>What a heartbeat publishes.</summary>
/// <param name="Server">The server.</param>
/// <param name="Workers">Its running tasks.</param>
internal sealed record ServerState(ServerInfo Server, IReadOnlyList<WorkerInfo> Workers);
