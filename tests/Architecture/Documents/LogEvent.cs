using System.Reflection;
using Microsoft.Extensions.Logging;

namespace FaultTolerance.Architecture.Tests.Documents;

/// <summary>A log message of the product, as its source declares it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Level">Its level.</param>
/// <param name="Part">The part of the product that writes it.</param>
/// <param name="Message">Its template.</param>
internal sealed record LogEvent(int Id, LogLevel Level, string Part, string Message)
{
    /// <summary>Gets the row of a table of events.</summary>
    public string Row => $"| {Id} | {Level} | {Part} | {Message.Replace("|", "\\|", StringComparison.Ordinal)} |";

    /// <summary>Finds the messages of some assemblies, by id.</summary>
    public static IReadOnlyList<LogEvent> Find(IEnumerable<Assembly> assemblies) =>
    [
        .. assemblies.SelectMany(assembly => assembly.GetTypes())
            .SelectMany(type => type.GetMethods(BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            .Select(method => (Method: method, Message: method.GetCustomAttribute<LoggerMessageAttribute>()))
            .Where(found => found.Message is not null)
            .Select(found => new LogEvent(found.Message!.EventId, found.Message.Level, PartOf(found.Method), found.Message.Message))
            .OrderBy(found => found.Id),
    ];

    private static string PartOf(MethodInfo method) => method.Module.Assembly.GetName().Name!["FaultTolerance.Orleans.".Length..];
}
