using System.Collections.ObjectModel;
using System.Globalization;

namespace Mirai.Queue;

/// <summary>Which part of a list one call returns, or which part of a selection one call changes.</summary>
/// <remarks>Walk a list or a selection with the cursor that each call returns. A list that has an order can also be
/// read by page numbers.</remarks>
public sealed class Paging
{
    /// <summary>The greatest <see cref="Size"/>.</summary>
    public const int MaxSize = 10_000;

    internal static readonly Paging Default = new();

    private readonly int number = 1;
    private readonly int size = 30;

    /// <summary>The number of entries of a page. Where tasks are filtered or changed: the number of tasks that one
    /// call examines, rounded up to a multiple of about 200.</summary>
    /// <value>1 to 10,000. Default: 30.</value>
    public int Size
    {
        get => size;
        init => size = value is >= 1 and <= MaxSize
            ? value
            : throw new ArgumentOutOfRangeException(nameof(Size), value, $"A page has 1 to {MaxSize} entries.");
    }

    /// <summary>The number of the page, for a list that has an order. Filtered lists and changes have no page numbers;
    /// they take a <see cref="Cursor"/>.</summary>
    /// <value>1 or more. Default: 1.</value>
    public int Number
    {
        get => number;
        init => number = value >= 1
            ? value
            : throw new ArgumentOutOfRangeException(nameof(Number), value, "Pages are counted from 1.");
    }

    /// <summary>Where the page begins: the cursor that the previous call returned, <see langword="null"/> for the
    /// beginning. A cursor belongs to one list or selection and one method. After a failover of Redis, begin
    /// again.</summary>
    public string? Cursor { get; init; }

    /// <summary>The rank of the first entry, from 0.</summary>
    /// <exception cref="ArgumentException">The cursor is not one of a list that has an order.</exception>
    internal long First
    {
        get
        {
            if (Cursor is null)
            {
                return (long)Size * (Number - 1);
            }

            RequireFirstPage();
            return ParseCursor(Cursor);
        }
    }

    /// <exception cref="ArgumentException">The page is asked for by its number.</exception>
    internal void RequireFirstPage()
    {
        if (Number != 1)
        {
            throw new ArgumentException("This list has no page numbers: set Cursor instead of Number.", nameof(Number));
        }
    }

    /// <summary>The cursor of the page after one that has <paramref name="count"/> entries.</summary>
    internal string? CursorAfter(long count) =>
        count < Size ? null : (First + count).ToString(CultureInfo.InvariantCulture);

    /// <summary>Reads a cursor that is a rank, or a part of a cursor that is one.</summary>
    /// <exception cref="ArgumentException">The text is not a rank.</exception>
    internal static long ParseCursor(string cursor) =>
        long.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out var rank)
        && rank <= long.MaxValue - MaxSize
            ? rank
            : throw WrongCursor(cursor);

    internal static ArgumentException WrongCursor(string cursor) =>
        new($"'{cursor}' is not a cursor of this list or selection.", nameof(cursor));
}

/// <summary>One page of a list.</summary>
/// <param name="items">The entries.</param>
/// <param name="cursor">Where the next page begins; <see langword="null"/> at the end.</param>
/// <typeparam name="T">The entries.</typeparam>
public sealed class Page<T>(IList<T> items, string? cursor = null) : ReadOnlyCollection<T>(items)
{
    /// <summary>Where the next page begins, for <see cref="Paging.Cursor"/>; <see langword="null"/> at the end of the
    /// list. The next page of an ordered list may be empty.</summary>
    public string? Cursor { get; } = cursor;
}

/// <summary>The result of one call that changes the tasks of a selection.</summary>
/// <param name="count">The number of tasks changed.</param>
/// <param name="cursor">Where the next step begins; <see langword="null"/> at the end.</param>
public sealed class SelectionStep(long count, string? cursor = null)
{
    /// <summary>The number of tasks that the call changed.</summary>
    public long Count { get; } = count;

    /// <summary>Where the next step begins, for <see cref="Paging.Cursor"/>; <see langword="null"/> when the whole
    /// selection was examined.</summary>
    public string? Cursor { get; } = cursor;

    /// <summary>The number of archived tasks that the call deleted, the oldest first, because an archive keeps 9,999
    /// tasks for 90 days. 0 unless the call archived tasks.</summary>
    public long Trimmed { get; internal init; }
}
