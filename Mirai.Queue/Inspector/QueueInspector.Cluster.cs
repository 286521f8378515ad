using Mirai.Queue.Wire;
using StackExchange.Redis;

namespace Mirai.Queue.Inspector;

internal sealed partial class QueueInspector
{
    public int GetClusterKeySlot(string queue)
    {
        ArgumentNullException.ThrowIfNull(queue);

        return ClusterSlot.Of(QueueKeys.Of(queue).Pending);
    }

    public async Task<IReadOnlyList<ClusterNodeInfo>> ListClusterNodesAsync(
        string queue, CancellationToken cancellationToken = default)
    {
        var slot = GetClusterKeySlot(queue);
        var multiplexer = await connection.GetAsync().ConfigureAwait(false);

        // What the connection knows already: to ask is an administrator's right.
        var asked = multiplexer.GetServers().FirstOrDefault(server => server.ClusterConfiguration is not null);
        var primary = asked?.ClusterConfiguration!.GetBySlot(slot);

        return primary is null ? [] : [.. primary.Children.Prepend(primary).Select(node => ToNode(node, asked!))];
    }

    // A node may not know how others reach it.
    private static ClusterNodeInfo ToNode(ClusterNode node, IServer asked) => new(
        node.NodeId, EndPointCollection.ToString(node.IsMyself ? asked.EndPoint : node.EndPoint!));
}
