namespace FaultTolerance.Grains.Tasks;

/// <summary>Keeps failures small enough to be stored in rows, carried to dependents and told to clients, as pure functions.</summary>
/// <remarks>
/// A failure carries its causes, and a dependent's failure those of what it depends on: without a bound a long chain of tasks grows
/// with the square of its length, and is read by recursion.
/// </remarks>
internal static class FailureBounds
{
    /// <summary>How many links of a chain are kept from the outside: what happened to the task itself, and to what is nearest to it.</summary>
    public const int NearestKept = 8;

    /// <summary>How many links are kept from the other end: the root, and the exceptions around it.</summary>
    public const int RootsKept = 12;

    /// <summary>The most characters in all texts of a failure and its causes.</summary>
    public const int MaxText = 32_000;

    /// <summary>The most characters in all texts of a failure that another task has as its cause.</summary>
    public const int MaxTextOfCause = 8_000;

    /// <summary>The longest name of a type or a node, in characters, in a failure that has to be cut.</summary>
    private const int MaxName = 500;

    /// <summary>The most base types in a failure that has to be cut.</summary>
    private const int MaxBaseTypes = 20;

    private const int LinkSize = 100;
    private const string Cut = " …";

    /// <summary>Returns a failure with its chain and its texts within their limits; the same object where they are.</summary>
    /// <param name="failure">The failure.</param>
    /// <param name="maxText">The most characters in all texts together. The longest are cut first, so that short ones stay whole.</param>
    public static TaskFailure Bound(TaskFailure failure, int maxText = MaxText)
    {
        var links = failure.Chain().ToList();
        var kept = links.Count <= NearestKept + RootsKept ? links : WithoutMiddle(links);
        var isCut = kept.Sum(TextOf) > maxText;
        if (!isCut && ReferenceEquals(kept, links))
        {
            return failure;
        }

        var longest = isCut ? LongestText(kept, maxText) : int.MaxValue;
        TaskFailure? cause = null;
        for (var i = kept.Count - 1; i >= 0; i--)
        {
            cause = (isCut ? Shorten(kept[i], longest) : kept[i]) with { Cause = cause };
        }

        return cause!;
    }

    /// <summary>Returns roughly how many bytes a failure and its causes take in a message.</summary>
    public static int SizeOf(TaskFailure? failure) => failure?.Chain().Sum(link => LinkSize + (2 * TextOf(link))) ?? 0;

    private static List<TaskFailure> WithoutMiddle(List<TaskFailure> links)
    {
        var dropped = links[NearestKept..^RootsKept];
        var last = links[NearestKept - 1];
        var omitted = last.OmittedCauses + dropped.Count + dropped.Sum(link => link.OmittedCauses);
        return [.. links[..(NearestKept - 1)], last with { OmittedCauses = omitted }, .. links[^RootsKept..]];
    }

    /// <summary>Returns the length to which texts are cut so that all of them together fit.</summary>
    private static int LongestText(List<TaskFailure> links, int maxText)
    {
        var room = maxText - links.Sum(link => NamesOf(link, MaxBaseTypes, MaxName));
        var lengths = links.SelectMany(link => new[] { link.Message.Length, link.StackTrace?.Length ?? 0 }).Order().ToList();
        for (var i = 0; i < lengths.Count; i++)
        {
            var share = room / (lengths.Count - i);
            if (lengths[i] > share)
            {
                return Math.Max(share - Cut.Length, 0);
            }

            room -= lengths[i];
        }

        return int.MaxValue;
    }

    private static TaskFailure Shorten(TaskFailure failure, int longest) => failure with
    {
        Message = Shorten(failure.Message, longest)!,
        StackTrace = Shorten(failure.StackTrace, longest),
        Node = Shorten(failure.Node, MaxName),
        ExceptionType = Shorten(failure.ExceptionType, MaxName),
        ExceptionBaseTypes = [.. failure.ExceptionBaseTypes.Take(MaxBaseTypes).Select(name => Shorten(name, MaxName)!)],
    };

    /// <summary>Returns a text of at most so many characters and a sign that more were there.</summary>
    public static string? Shorten(string? text, int longest) => text is not null && text.Length > longest ? text[..longest] + Cut : text;

    private static int TextOf(TaskFailure link) =>
        link.Message.Length + (link.StackTrace?.Length ?? 0) + NamesOf(link, int.MaxValue, int.MaxValue);

    private static int NamesOf(TaskFailure link, int most, int longest) =>
        Length(link.Node, longest) + Length(link.ExceptionType, longest) + link.ExceptionBaseTypes.Take(most).Sum(name => Length(name, longest));

    private static int Length(string? text, int longest) => Math.Min(text?.Length ?? 0, longest);
}
