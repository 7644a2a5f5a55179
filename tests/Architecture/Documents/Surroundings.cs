namespace FaultTolerance.Architecture.Tests.Documents;

/// <summary>What a document takes for granted around its code: names that a reader understands, and the compiler has to be told of.</summary>
/// <param name="Usings">The namespaces that are open.</param>
/// <param name="Locals">Declarations of what the code refers to without making it, each with its semicolon. The code may declare the same names itself.</param>
internal sealed record Surroundings(IReadOnlyList<string> Usings, IReadOnlyList<string> Locals)
{
    /// <summary>Gets what holds for every document: the usings of an SDK project and of this library, a program's arguments, and a client.</summary>
    public static Surroundings Default { get; } = new(
        [
            "System", "System.Collections.Generic", "System.IO", "System.Linq", "System.Net.Http", "System.Threading", "System.Threading.Tasks",
            "FaultTolerance",
            "Microsoft.Extensions.Configuration", "Microsoft.Extensions.DependencyInjection", "Microsoft.Extensions.Hosting", "Microsoft.Extensions.Logging",
            "Orleans", "Orleans.Configuration", "Orleans.Hosting",
        ],
        ["string[] args = [];", "IFaultToleranceClient client = null!;", "string[] paths = [];", "CancellationToken cancellationToken = default;"]);

    /// <summary>What single documents take for granted beyond that, by path.</summary>
    private static readonly Dictionary<string, Surroundings> More = [];

    public static Surroundings Of(string page) => More.TryGetValue(page, out var more)
        ? new([.. Default.Usings, .. more.Usings], [.. Default.Locals, .. more.Locals])
        : Default;
}
