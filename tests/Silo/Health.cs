using System.Net;
using System.Text.Json;

namespace FaultTolerance.Silo.Tests;

/// <summary>Asks a host how it is, as a container platform does.</summary>
internal static class Health
{
    public static async Task<(HttpStatusCode Code, string? Status, string? Reason)> AskAsync(string address, int port, string path = "/health")
    {
        using var http = new HttpClient();
        using var response = await http.GetAsync(new Uri($"http://{address}:{port}{path}"));
        var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
        return (response.StatusCode, body.GetProperty("status").GetString(), body.GetProperty("reason").GetString());
    }
}
