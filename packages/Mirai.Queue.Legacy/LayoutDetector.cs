namespace Mirai.Queue.Legacy;

/// <summary>Looks for keys of the layout that this process does not use.</summary>
internal sealed class LayoutDetector(RedisConnection connection)
{
    private const int MostNamed = 5;

    /// <summary>The first keys found of the other layout.</summary>
    /// <exception cref="LayoutNotSupportedException">The layout does not work on this Redis.</exception>
    public async Task<IReadOnlyList<string>> FindOtherAsync(RedisLayout own)
    {
        var database = await connection.GetDatabaseAsync().ConfigureAwait(false);
        if (own == RedisLayout.Legacy)
        {
            LegacyStore.RefuseCluster(database);
        }

        var found = new List<string>();
        if (own == RedisLayout.Current)
        {
            foreach (var key in LegacyKeys.Own)
            {
                if (await database.KeyExistsAsync(key).ConfigureAwait(false))
                {
                    found.Add(key);
                }
            }
        }

        var names = database.SetScanAsync(LegacyKeys.Queues);
        await foreach (var name in names.ConfigureAwait(false))
        {
            if (found.Count >= MostNamed)
            {
                break;
            }

            if (LegacyKeys.IsQueue(name.ToString()) == (own == RedisLayout.Current))
            {
                found.Add(own == RedisLayout.Current
                    ? name.ToString() : Wire.QueueKeys.Of(name.ToString()).Prefix + "*");
            }
        }

        return found;
    }
}
