using System.Text.Json;

namespace FaultTolerance.Testing.Processes;

/// <summary>Something that a silo has told about itself, or that its driver has seen of its process.</summary>
/// <remarks>
/// A silo tells it as one line of JSON on standard output: an object whose property <c>event</c> holds the name. Lines that
/// are no such object belong to its log.
/// </remarks>
public sealed record SiloEvent
{
    /// <summary>The name of the event by which a silo says that it is a member of the cluster, takes work and serves HTTP.</summary>
    public const string Ready = "ready";

    /// <summary>The name of the event by which the driver says that it has started a process; field <c>pid</c>.</summary>
    public const string ProcessStarted = "process-started";

    /// <summary>The name of the event by which the driver says that a process has ended; fields <c>pid</c> and <c>exitCode</c> (128 + the signal that ended it).</summary>
    public const string ProcessEnded = "process-ended";

    /// <summary>The name of the event by which the driver says that it could not start a process again and will try later; field <c>error</c>.</summary>
    public const string ProcessNotStarted = "process-not-started";

    /// <summary>Gets the event's place in its stream, counted from 1.</summary>
    public long Position { get; init; }

    /// <summary>Gets when the driver received it.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>Gets the name of the node.</summary>
    public required string Node { get; init; }

    /// <summary>Gets the process that it is about.</summary>
    public required int ProcessId { get; init; }

    /// <summary>Gets the event's name.</summary>
    public required string Name { get; init; }

    /// <summary>Gets the event as it was told, with all of its fields.</summary>
    public required JsonElement Fields { get; init; }

    /// <summary>Returns a field as text; null when there is none.</summary>
    public string? Text(string field) => Fields.TryGetProperty(field, out var value) ? value.ToString() : null;

    /// <summary>Returns a field as a number; null when there is none or it is not a number.</summary>
    public long? Number(string field) =>
        Fields.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) ? number : null;

    /// <summary>Reads a line that a silo has written; null when the line is no event.</summary>
    internal static SiloEvent? Parse(string line, string node, int processId)
    {
        if (!line.StartsWith('{'))
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(line);
            return document.RootElement.TryGetProperty("event", out var name) && name.ValueKind == JsonValueKind.String
                ? new SiloEvent { Node = node, ProcessId = processId, Name = name.GetString()!, Fields = document.RootElement.Clone() }
                : null;
        }
        catch (JsonException)
        {
            return null; // cut off by the death of its writer, or a line of the log that happens to start with a brace
        }
    }
}
