using FaultTolerance.Storage.Tasks;

namespace FaultTolerance.Grains.Recovery;

/// <summary>Keeps small how much a look at many tasks holds at once.</summary>
internal static class LargeRows
{
    /// <summary>How many calls with large arguments are read at once; at 4 MB each.</summary>
    public const int Max = 20;

    /// <summary>Returns the first of a page's rows, of which no more are large than are read at once. The rest is for the next page.</summary>
    public static IReadOnlyList<TaskRow> Bound(IReadOnlyList<TaskRow> page)
    {
        var large = 0;
        return [.. page.TakeWhile(row => PayloadReference.IsInline(row.Spec) || ++large <= Max)];
    }
}
