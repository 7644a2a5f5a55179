using System.Net;
using System.Net.Sockets;

namespace FaultTolerance.Silo.Tests;

/// <summary>What a person can set wrong: the host says what and how to mend it, and ends with exit code 2.</summary>
public sealed class BadSettingsTests : IDisposable
{
    private readonly HostUnderTest _host = new();

    public void Dispose() => _host.Dispose();

    [Theory]
    [InlineData("SiloPort")]
    [InlineData("GatewayPort")]
    [InlineData("HttpPort")]
    public async Task A_port_that_is_in_use_is_told_with_its_setting(string setting)
    {
        using var other = HostUnderTest.Listen();
        var port = ((IPEndPoint)other.LocalEndpoint).Port.ToString(System.Globalization.CultureInfo.InvariantCulture);

        var said = await _host.Set(setting, port).RefusedAsync();

        Assert.Contains($"Port {port} on 127.0.0.1 cannot be used", said, StringComparison.Ordinal);
        Assert.Contains($"FaultTolerance:{setting}", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_that_there_is_not_is_told_without_repeating_it() =>
        Assert.Contains("Write sqlite:FOLDER or postgres:CONNECTION STRING", await SaidAsync("oracle:Password=secret", unsaid: "secret"), StringComparison.Ordinal);

    [Fact]
    public async Task A_misspelt_setting_is_told_with_the_one_that_was_meant()
    {
        var said = await _host.Set("Nodes__LeaseLenght", "00:00:07").Set("GatwayPort", "1").RefusedAsync();

        Assert.Contains("FaultTolerance:Nodes:LeaseLenght is no setting. Did you mean FaultTolerance:Nodes:LeaseLength?", said, StringComparison.Ordinal);
        Assert.Contains("FaultTolerance:GatwayPort is no setting. Did you mean FaultTolerance:GatewayPort?", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Everything_wrong_across_host_store_and_ports_is_told_at_once()
    {
        using var other = HostUnderTest.Listen();
        var port = ((IPEndPoint)other.LocalEndpoint).Port.ToString(System.Globalization.CultureInfo.InvariantCulture);
        _host.Set("Store", "postgres:Username=nobody").Set("Address", "here").Set("SiloPort", port).Set("GatewayPort", "70000")
            .Set("Tasks__Slots", "0").Set("Nodes__LeaseLength", "00:00:02").Set("Recovery__Shards", "65").Set("Handlers", "/nowhere/at/all").Set("Sluts", "3");

        var said = await _host.RefusedAsync();

        Assert.All(
            ["names no Host", "'here', which is no IP address", $"Port {port}", "GatewayPort", "Slots", "LeaseLength", "Shards", "/nowhere/at/all", "FaultTolerance:Sluts is no setting"],
            part => Assert.Contains(part, said, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_handler_assembly_that_was_cut_off_is_told_by_its_path()
    {
        var folder = Directory.CreateDirectory(Path.Combine(_host.Folder, "handlers")).FullName;
        var whole = await File.ReadAllBytesAsync(Path.Combine(AppContext.BaseDirectory, "handlers-under-test", "FaultTolerance.Orleans.Chaos.Handlers.dll"));
        var cut = Path.Combine(folder, "Cut.dll");
        await File.WriteAllBytesAsync(cut, whole[..(whole.Length / 2)]);

        Assert.Contains($"The handler assembly {cut} cannot be loaded", await _host.Set("Handlers", folder).RefusedAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("store.db")]
    [InlineData("cluster.db")]
    public async Task A_file_that_is_no_database_is_told_by_its_path(string name)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_host.Folder, "data")).FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, name), new string('x', 10_000));

        var said = await _host.RefusedAsync();

        Assert.Contains(Path.Combine(folder, name), said, StringComparison.Ordinal);
        Assert.Contains("choose another data folder, or move the file away", said, StringComparison.OrdinalIgnoreCase);
    }

    private async Task<string> SaidAsync(string store, string unsaid)
    {
        var said = await _host.Set("Store", store).RefusedAsync();
        Assert.DoesNotContain(unsaid, said, StringComparison.Ordinal);
        return said;
    }
}
