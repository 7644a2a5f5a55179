using System.Text.Json;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace FaultTolerance.Silo;

/// <summary>Writes the answer to a question for the health: the status, why, and what the node says of itself, as one JSON object.</summary>
internal static class HealthReply
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web);

    public static Task WriteAsync(HttpContext context, HealthReport report)
    {
        var (_, node) = report.Entries.Single();
        return context.Response.WriteAsJsonAsync(
            new { status = report.Status.ToString(), reason = node.Description, details = node.Data }, Format, context.RequestAborted);
    }
}
