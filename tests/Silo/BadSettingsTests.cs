using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;

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
        var port = ((IPEndPoint)other.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);

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
        var port = ((IPEndPoint)other.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
        _host.Set("Store", "postgres:Username=nobody").Set("Address", "here").Set("SiloPort", port).Set("GatewayPort", "70000")
            .Set("Tasks__Slots", "0").Set("Nodes__LeaseLength", "00:00:02").Set("Recovery__Shards", "65").Set("Handlers", "/nowhere/at/all").Set("Sluts", "3");

        var said = await _host.RefusedAsync();

        Assert.All(
            ["names no Host", "'here', which is no IP address", $"Port {port}", "GatewayPort", "Slots", "LeaseLength", "Shards", "/nowhere/at/all", "FaultTolerance:Sluts is no setting"],
            part => Assert.Contains(part, said, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Values_that_cannot_be_read_are_told_with_what_is_allowed_beside_all_that_is_wrong_otherwise()
    {
        _host.Set("SiloPort", "eleven").Set("HttpPort", "99999999999").Set("Nodes__LeaseLength", "five").Set("Nodes__Policy", "Psychic").Set("Nodes__PhiThreshold", "high")
            .Set("Tasks__Retry__MaxCrashRetries", "often").Set("PostgreSql__AllowUnsafeDurability", "maybe").Set("Sqlite__ReadThreads", "").Set("GatewayPort", "70000");

        var said = await _host.RefusedAsync();

        Assert.All(
            [
                "FaultTolerance:SiloPort is 'eleven', which cannot be read. Write a whole number from 1 to 65535.",
                "FaultTolerance:HttpPort is '99999999999', which cannot be read. Write a whole number from 0 to 65535.",
                "FaultTolerance:Nodes:LeaseLength is 'five', which cannot be read. Write a duration as hours:minutes:seconds from 00:00:01 to 00:10:00.",
                "FaultTolerance:Nodes:Policy is 'Psychic', which cannot be read. Write Adaptive or Fixed.",
                "FaultTolerance:Nodes:PhiThreshold is 'high', which cannot be read. Write a number from 1 to 16.",
                "FaultTolerance:Tasks:Retry:MaxCrashRetries is 'often', which cannot be read. Write a whole number.",
                "FaultTolerance:PostgreSql:AllowUnsafeDurability is 'maybe', which cannot be read. Write true or false.",
                "FaultTolerance:Sqlite:ReadThreads is '', which cannot be read. Write a whole number from 1 to 64.",
                "GatewayPort must be between 1 and 65535.",
            ],
            sentence => Assert.Contains(sentence, said, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("SiloPort", "GatewayPort")]
    [InlineData("SiloPort", "HttpPort")]
    [InlineData("GatewayPort", "HttpPort")]
    public async Task A_port_that_is_given_to_two_purposes_is_told_with_both(string one, string other)
    {
        var port = HostUnderTest.FreePort().ToString(CultureInfo.InvariantCulture);

        var said = await _host.Set(one, port).Set(other, port).RefusedAsync();

        Assert.Contains($"Port {port} is given to FaultTolerance:{one} and FaultTolerance:{other}. Give each a port of its own.", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_handler_that_two_assemblies_have_is_told_with_both_of_its_places()
    {
        var folder = Directory.CreateDirectory(Path.Combine(_host.Folder, "handlers")).FullName;
        HandlerAssembly.Write(folder, "Here", "files.digest", version: 1);
        HandlerAssembly.Write(folder, "There", "files.digest", version: 1);

        var said = await _host.Set("Handlers", folder).RefusedAsync();

        Assert.All(["files.digest@1", "Here.Tasks.Run", "There.Tasks.Run"], part => Assert.Contains(part, said, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_handler_of_which_two_assemblies_have_a_version_each_is_no_double()
    {
        var folder = Directory.CreateDirectory(Path.Combine(_host.Folder, "handlers")).FullName;
        HandlerAssembly.Write(folder, "Old", "files.digest", version: 1);
        HandlerAssembly.Write(folder, "New", "files.digest", version: 2);

        await using var silo = await _host.Set("Handlers", folder).StartAsync();
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

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task A_folder_of_handlers_that_may_not_be_read_is_told_beside_all_that_is_wrong_otherwise()
    {
        var folder = Directory.CreateDirectory(Path.Combine(_host.Folder, "handlers"), UnixFileMode.None).FullName;

        var said = await _host.Set("Handlers", folder).Set("Sluts", "3").WithoutRightsOfRoot().RefusedAsync();

        Directory.Delete(folder); // a plain user could not list it in order to delete it with the rest
        Assert.Contains($"The folder of handlers {folder} (FaultTolerance:Handlers) cannot be read", said, StringComparison.Ordinal);
        Assert.Contains("FaultTolerance:Sluts is no setting", said, StringComparison.Ordinal);
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
