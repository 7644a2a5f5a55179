using System.Text.Json;
using FaultTolerance.Cli.Clusters;
using FaultTolerance.Grains.Nodes;
using FaultTolerance.Testing.Processes;

namespace FaultTolerance.Cli.Tests.Clusters;

/// <summary>What a supervisor notes, and what becomes of it in the eyes of others.</summary>
public sealed class ClusterStateTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);

    private readonly ClusterFolder _folder = new(Directory.CreateTempSubdirectory("cluster-state-").FullName);

    public void Dispose() => Directory.Delete(_folder.Path, recursive: true);

    [Fact]
    public void A_silo_that_dies_and_is_started_again_is_followed_through_its_life()
    {
        var started = Fresh().After(Told(SiloEvent.ProcessStarted, 11), Find);
        var ready = started.After(Told(SiloEvent.Ready, 11), Find);
        var ended = ready.After(Told(SiloEvent.ProcessEnded, 11, new { exitCode = 137 }), Find);
        var left = ready.After(Told(SiloEvent.ProcessEnded, 11, new { exitCode = 0 }), Find);
        var failed = ended.After(Told(SiloEvent.ProcessNotStarted, 0, new { error = "no memory" }), Find);
        var again = failed.After(Told(SiloEvent.ProcessStarted, 12), Find).After(Told(SiloEvent.Ready, 12), Find);

        Assert.Equal(("starting", 11, null), Seen(started));
        Assert.Equal(("joined", 11, null), Seen(ready));
        Assert.Equal(("ended", null, "ended by signal 9; it is started again"), Seen(ended));
        Assert.Equal(("ended", null, "has left in order; it is not started again (ft cluster stop, then ft cluster start)"), Seen(left));
        Assert.Equal(("ended", null, "no memory"), Seen(failed));
        Assert.Equal(("joined", 12, null), Seen(again));
        Assert.Equal([0, 0, 0, 0, 1], new[] { started, ready, ended, failed, again }.Select(state => state.Silos[0].Restarts));
    }

    [Fact]
    public void What_a_silo_tells_of_others_changes_nothing() =>
        Assert.Equal(Fresh() with { Silos = [] }, (Fresh() with { Silos = [] }).After(Told("suspected", 11), Find));

    [Fact]
    public void What_was_noted_is_read_back()
    {
        var state = Fresh().After(Told(SiloEvent.ProcessStarted, 11), Find);

        _folder.WriteState(state);

        var read = _folder.ReadState()!;
        Assert.Equal(JsonSerializer.Serialize(state), JsonSerializer.Serialize(read));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, new FileInfo(Path.Join(_folder.Path, "state.json")).UnixFileMode);
    }

    [Fact]
    public void A_supervisor_whose_id_belongs_to_another_process_by_now_has_crashed()
    {
        var self = ProcessIdentity.OfThisProcess();

        _folder.WriteState(Fresh() with { Supervisor = self with { Start = self.Start - 1 } });
        Assert.Equal(ClusterPhase.Crashed, _folder.ReadState()!.Phase);

        _folder.WriteState(Fresh() with { Supervisor = self with { Machine = "another boot" } });
        Assert.Equal(ClusterPhase.Crashed, _folder.ReadState()!.Phase);
    }

    [Fact]
    public void Only_the_very_process_is_living_and_signals_to_others_are_not_sent()
    {
        var self = ProcessIdentity.OfThisProcess();

        Assert.True(LocalProcess.IsLiving(self));
        Assert.False(LocalProcess.IsLiving(self with { Start = self.Start + 1 }));
        Assert.False(LocalProcess.IsLiving(null));
        LocalProcess.Kill(self with { Start = self.Start + 1 }); // would end the test otherwise
    }

    [Fact]
    public void A_damaged_note_is_told_with_the_remedy()
    {
        File.WriteAllText(Path.Join(_folder.Path, "state.json"), "{ \"phase\": ");

        var failure = Assert.Throws<UsageException>(_folder.ReadState);

        Assert.Contains("state.json is damaged", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_is_held_by_one_at_a_time()
    {
        _folder.WriteState(Fresh());
        using var first = _folder.Hold();

        var failure = Assert.Throws<UsageException>(_folder.Hold);

        Assert.Contains($"already (process {Environment.ProcessId}). Stop it with: ft cluster stop --folder {_folder.Path}", failure.Message, StringComparison.Ordinal);
    }

    private static ClusterState Fresh() => new()
    {
        Phase = ClusterPhase.Running,
        Supervisor = ProcessIdentity.OfThisProcess(),
        StartedAt = Start,
        Silos = [new SiloState { Name = "silo-1", SiloPort = 1, GatewayPort = 2 }],
    };

    private static ProcessIdentity Find(int processId) => new("here", processId, 4711);

    private static SiloEvent Told(string name, int processId, object? fields = null) => new()
    {
        Node = "silo-1",
        ProcessId = processId,
        Name = name,
        At = Start,
        Fields = JsonSerializer.SerializeToElement(fields ?? new { }),
    };

    private (string Phase, int? ProcessId, string? Problem) Seen(ClusterState state)
    {
        var silo = ClusterView.Of(_folder, new ClusterSpec(), state, null, null, Start).Nodes[0];
        return (silo.Phase, silo.ProcessId, silo.Problem);
    }
}
