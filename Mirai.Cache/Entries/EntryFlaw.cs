namespace Mirai.Cache.Entries;

/// <summary>Why a value in Redis is no entry for its reader.</summary>
internal enum EntryFlaw
{
    None,

    /// <summary>Not the JSON that the contract describes.</summary>
    Damaged,

    /// <summary>A later version of the contract.</summary>
    NewerVersion,
}
