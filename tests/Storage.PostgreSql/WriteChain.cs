using FaultTolerance.Storage.Engines;
using FaultTolerance.Storage.Tasks;

namespace FaultTolerance.Storage.PostgreSql.Tests;

/// <summary>Writes one row after the other, each in several conditional steps, and knows which steps were acknowledged.</summary>
/// <remarks>Each step raises the attempt by one, on the token of the step before: one that is lost, or done twice, breaks the chain.</remarks>
internal sealed class WriteChain(IDurableStore store)
{
    private const int StepsARow = 5;

    private readonly List<TaskRow> _acknowledged = [];

    /// <summary>Gets the rows as their newest acknowledged write left them.</summary>
    public IReadOnlyList<TaskRow> Acknowledged => _acknowledged;

    /// <summary>Writes steps until told to stop.</summary>
    public async Task RunAsync(Action acknowledged, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await StepAsync();
            acknowledged();
        }
    }

    /// <summary>Asserts that every row is as its newest acknowledged write left it.</summary>
    public async Task AssertKeptAsync()
    {
        foreach (var page in _acknowledged.Chunk(StoreLimits.Read))
        {
            var stored = (await store.ReadAsync([.. page.Select(row => row.Id)], CancellationToken.None)).ToDictionary(row => row.Id);
            Assert.All(page, row => Assert.Equal((row.Attempt, row.Token), (stored[row.Id].Attempt, stored[row.Id].Token)));
        }
    }

    private async Task StepAsync()
    {
        if (_acknowledged.Count == 0 || _acknowledged[^1].Attempt == StepsARow)
        {
            var row = new TaskRow { Id = TaskId.New(), Phase = TaskPhase.Running, Token = store.NewToken(), Handler = "a@1", Spec = [1] };
            Assert.Equal(TaskWriteResult.Applied, await store.WriteTaskAsync(new TaskInsert(row)));
            _acknowledged.Add(row);
            return;
        }

        var before = _acknowledged[^1];
        var update = new TaskUpdate(before.Id, store.NewToken())
        {
            IfPhase = before.Phase,
            IfAttempt = before.Attempt,
            IfOwner = before.Owner,
            IfToken = before.Token,
            Phase = before.Phase,
            Attempt = before.Attempt + 1,
            Due = before.Due,
            Life = [2],
        };
        Assert.Equal(TaskWriteResult.Applied, await store.WriteTaskAsync(update));
        _acknowledged[^1] = before with { Attempt = update.Attempt, Token = update.Token };
    }
}
