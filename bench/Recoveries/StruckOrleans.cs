using FaultTolerance.Bench.Reference;
using FaultTolerance.Grains.Nodes;
using FaultTolerance.Testing.Processes;

namespace FaultTolerance.Bench.Recoveries;

/// <summary>Silos of Orleans alone, with its default options or with those that a profile of ours gives it.</summary>
internal sealed class StruckOrleans : IStruckCluster
{
    private readonly LocalCluster _silos;

    private StruckOrleans(LocalCluster silos, NodeProfile? profile)
    {
        _silos = silos;
        Title = profile is null ? "Orleans alone, its default options" : $"Orleans alone, its options as `{profile}` sets them";
    }

    public string Title { get; }

    /// <summary>Starts the silos.</summary>
    public static async Task<StruckOrleans> StartAsync(NodeProfile? profile, int silos, string folder, CancellationToken cancellationToken)
    {
        SiloSlot? primary = null;
        var program = new SiloProgram
        {
            Path = typeof(StruckOrleans).Assembly.Location,
            Arguments = slot => PlainSilo.Arguments(slot, primary ??= slot, profile),
        };
        return new StruckOrleans(
            await LocalCluster.StartAsync(
                new LocalClusterOptions { Program = program, Folder = folder, Silos = silos, Chance = Environment.ProcessId }, cancellationToken),
            profile);
    }

    public async Task<StrikeTimes> StrikeAsync(int number, Fault fault, CancellationToken cancellationToken)
    {
        var victim = _silos.Slots[1 + (number % (_silos.Slots.Count - 1))].Name; // the first keeps the membership
        var processId = _silos.Process(victim).ProcessId;
        var ready = await _silos.Events.WaitForAsync(told => told.Name == SiloEvent.Ready && told.ProcessId == processId, cancellationToken: cancellationToken);
        var address = ready.Text(PlainSilo.Address);

        var struckAt = TimeProvider.System.GetUtcNow();
        _silos.Strike(victim, fault);
        var dead = await _silos.Events.WaitForAsync(
            told => told.Name == PlainSilo.Dead && told.Node != victim && told.Text(PlainSilo.Address) == address, ready.Position, cancellationToken);

        var ranOn = await _silos.WakeAsync(victim, fault, cancellationToken);
        await _silos.StartAgainAsync(victim, cancellationToken);
        return new StrikeTimes(dead.At - struckAt) { RanOn = ranOn };
    }

    public string LogTails() => _silos.LogTails();

    public ValueTask DisposeAsync() => _silos.DisposeAsync();
}
