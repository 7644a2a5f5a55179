using FaultTolerance.Grains.Tasks;
using FaultTolerance.Grains.Tests.Nodes;
using FaultTolerance.Storage.Tasks;

namespace FaultTolerance.Grains.Tests.Tasks;

/// <summary>A task whose arguments are lost in the store.</summary>
public sealed class DamagedTaskTests
{
    [Fact]
    public async Task What_can_be_read_of_it_is_read()
    {
        await using var lab = await StoreLab.OpenAsync();
        var life = TaskLife.New with { Charges = 1, Failure = new TaskFailure { Kind = FailureKind.Crash, Message = "It died." } };
        var id = await InsertAsync(lab, row => row with { Life = StoreLab.Serializer<TaskLife>().SerializeToArray(life) });

        var task = await lab.TaskAsync(id);

        Assert.Equal((TaskPhase.Queued, "files.length", 3, 1, "It died."), (task.Phase, task.Spec.Handler, task.Spec.Version, task.Life.Charges, task.Life.Failure?.Message));
        Assert.StartsWith($"The row of task {id} (files.length@3) cannot be read: A payload of task {id} (1,", task.Damage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_its_attempts_are_lost_as_well_its_row_is_read_all_the_same()
    {
        await using var lab = await StoreLab.OpenAsync();
        var id = await InsertAsync(lab, row => row with { Life = [0xFF, 0xFF, 0xFF] });

        var task = await lab.TaskAsync(id);

        Assert.Equal((TaskPhase.Queued, 0), (task.Phase, task.Life.Attempts.Count));
        Assert.NotNull(task.Damage);
    }

    private static async Task<TaskId> InsertAsync(StoreLab lab, Func<TaskRow, TaskRow> with)
    {
        var id = TaskId.New(lab.Time);
        var (reference, _) = PayloadReference.Store(new byte[1_000], 1, 10);
        var row = new TaskRow { Id = id, Phase = TaskPhase.Queued, Handler = "files.length@3", Token = 1, Due = lab.Store.Now, Spec = reference };
        Assert.True((await lab.Store.WriteTaskAsync(new TaskInsert(with(row)))).IsApplied);
        return id;
    }
}
