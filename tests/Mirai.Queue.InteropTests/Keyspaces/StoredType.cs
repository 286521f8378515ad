namespace Mirai.Queue.InteropTests.Keyspaces;

/// <summary>The types of keys that Asynq uses, in Redis' words.</summary>
internal enum StoredType
{
    String,
    List,
    Set,
    ZSet,
    Hash,
}
