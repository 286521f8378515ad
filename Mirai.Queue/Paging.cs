namespace Mirai.Queue;

/// <summary>A page of a list.</summary>
public sealed record Paging
{
    /// <summary>The largest size of a page.</summary>
    public const int MaxSize = 10_000;

    internal static readonly Paging Default = new();

    private readonly int number = 1;
    private readonly int size = 30;

    /// <summary>Which page.</summary>
    /// <value>1 or more. Default: 1.</value>
    public int Number
    {
        get => number;
        init => number = value >= 1
            ? value
            : throw new ArgumentOutOfRangeException(nameof(Number), value, "Pages are counted from 1.");
    }

    /// <summary>How many entries a page has.</summary>
    /// <value>1 to 10,000. Default: 30.</value>
    public int Size
    {
        get => size;
        init => size = value is >= 1 and <= MaxSize
            ? value
            : throw new ArgumentOutOfRangeException(nameof(Size), value, $"A page has 1 to {MaxSize} entries.");
    }

    internal long First => (long)Size * (Number - 1);

    internal long Last => First + Size - 1;
}
