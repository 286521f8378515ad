namespace Mirai.Queue;

/// <summary>A node of a Redis Cluster.</summary>
/// <param name="Id">Its id in the cluster.</param>
/// <param name="Address">Host and port.</param>
public sealed record ClusterNodeInfo(string Id, string Address);
