using System.Globalization;
using System.Net;
using System.Text.Json;
using FaultTolerance.Testing;

namespace FaultTolerance.Silo.Tests;

/// <summary>The host on a real PostgreSQL: what it refuses, and what it says of its health.</summary>
public sealed class PostgresHostTests : IAsyncLifetime, IDisposable
{
    private readonly HostUnderTest _host = new();
    private PostgresServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await PostgresServer.StartNewAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    public void Dispose() => _host.Dispose();

    [Fact]
    public async Task A_wrong_password_is_told_and_not_shown()
    {
        var said = await _host.Set("Store", $"postgres:Host=127.0.0.1;Port={_server.Port};Username={_server.Username};Password=swordfish").RefusedAsync();

        Assert.Contains("Check Username and Password", said, StringComparison.Ordinal);
        Assert.DoesNotContain("swordfish", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_told_by_its_place()
    {
        using var port = HostUnderTest.Listen();
        var free = ((IPEndPoint)port.LocalEndpoint).Port;
        port.Stop();

        var said = await _host.Set("Store", $"postgres:Host=127.0.0.1;Port={free};Username=me;Password=swordfish").RefusedAsync();

        Assert.Contains($"PostgreSQL at 127.0.0.1:{free}", said, StringComparison.Ordinal);
        Assert.DoesNotContain("swordfish", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Health_tells_a_node_that_works_from_one_whose_store_is_away()
    {
        using var free = HostUnderTest.Listen();
        var port = ((IPEndPoint)free.LocalEndpoint).Port;
        free.Stop();
        _host.Set("Store", $"postgres:{_server.ConnectionString()}").Set("HttpPort", port.ToString(CultureInfo.InvariantCulture));
        await using var silo = await _host.StartAsync();
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };

        Assert.Equal((HttpStatusCode.OK, "Healthy", "The node takes work."), await HealthAsync(http));
        await _server.StopImmediatelyAsync();

        var (code, status, reason) = await HealthAsync(http);
        Assert.Equal((HttpStatusCode.OK, "Degraded"), (code, status));
        Assert.StartsWith("The store does not answer: ", reason, StringComparison.Ordinal);
    }

    private static async Task<(HttpStatusCode Code, string? Status, string? Reason)> HealthAsync(HttpClient http)
    {
        using var response = await http.GetAsync(new Uri("/health", UriKind.Relative));
        var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
        return (response.StatusCode, body.GetProperty("status").GetString(), body.GetProperty("reason").GetString());
    }
}
