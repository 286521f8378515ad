namespace Mirai.Queue.InteropTests.Golden;

/// <summary>What of the golden data no test uses yet, and why. All of it is here: files as a whole, and the reasons
/// for which single steps of a recording are restored instead of done.</summary>
internal sealed record NotYet(string Reason)
{
    /// <summary>Steps by which somebody runs, archives, deletes, or changes tasks, or deletes a queue.</summary>
    public static readonly NotYet Inspector = new("The inspector's mutations come with issue 4.");

    /// <summary>Steps in which tasks of a group are aggregated.</summary>
    public static readonly NotYet Groups = new("Aggregation comes with issue 4; adding to groups is here.");

    /// <summary>Schedulers, their entries and their history.</summary>
    public static readonly NotYet Scheduler = new("The scheduler comes with issue 4.");

    /// <summary>Files that no test uses.</summary>
    public static readonly IReadOnlyDictionary<string, NotYet> Files = new Dictionary<string, NotYet>
    {
        ["v0.26.0/cron.json"] = Scheduler,
        ["v0.26.0/scenarios/scheduler.json"] = Scheduler,
        ["v0.24.1/scenarios/scheduler.json"] = Scheduler,
    };
}
