namespace FaultTolerance.Scenarios.Tests;

public sealed class DependencyScenarios(ClusterFixture cluster)
{
    [Fact]
    public async Task A_chain_runs_in_order()
    {
        var link = await cluster.Client.SubmitAsync((ScenarioTasks t) => t.Add(0, 1));
        for (var i = 0; i < 20; i++)
        {
            var last = link;
            link = await cluster.Client.SubmitAsync((ScenarioTasks t) => t.Add(last.Result, 1));
        }

        Assert.Equal(21, await cluster.Client.GetAsync(link));
    }

    [Fact]
    public async Task A_chain_of_two_thousand_whose_first_task_fails_ends_and_every_link_is_small()
    {
        var first = await cluster.Client.SubmitAsync((ScenarioTasks t) => t.Fail(new string('m', 15_000)));
        var links = new List<ObjectRef<int>> { first };
        for (var i = 1; i < 2_000; i++)
        {
            var last = links[^1];
            links.Add(await cluster.Client.SubmitAsync((ScenarioTasks t) => t.Add(last.Result, 1)));
        }

        var error = await Assert.ThrowsAsync<TaskFailedException>(() => cluster.Client.GetAsync(links[^1]));

        var chain = error.Failure.Chain().ToList();
        Assert.Equal(2_001, chain.Count + chain.Sum(failure => failure.OmittedCauses)); // the first task's exception has an inner one
        Assert.Contains(chain, failure => failure.TaskId == first.TaskId && failure.ExceptionType == typeof(ScenarioException).FullName);
        var rows = await cluster.Cluster.Engine.ReadAsync([.. links.Skip(1).Select(link => link.TaskId)], CancellationToken.None);
        Assert.All(rows, row => Assert.InRange(row.Life.Length, 100, 40_000));
    }

    [Fact]
    public async Task A_diamond_joins_both_sides()
    {
        var top = await cluster.Client.SubmitAsync((ScenarioTasks t) => t.Add(1, 1));
        var left = await cluster.Client.SubmitAsync((ScenarioTasks t) => t.Add(top.Result, 10));
        var right = await cluster.Client.SubmitAsync((ScenarioTasks t) => t.Add(top.Result, 100));
        var bottom = await cluster.Client.SubmitAsync((ScenarioTasks t) => t.Add(left.Result, right.Result));

        Assert.Equal(114, await cluster.Client.GetAsync(bottom));
    }

    [Fact]
    public async Task A_thousand_results_fan_in_to_one_task_which_runs_once()
    {
        var name = Guid.NewGuid().ToString();
        var parts = await cluster.Client.SubmitManyAsync((ScenarioTasks t, int i) => t.Add(i, 0), Enumerable.Range(0, 1_000));
        var sum = await cluster.Client.SubmitAsync((ScenarioTasks t) => t.Sum(parts.Results()));
        var counted = await cluster.Client.SubmitAsync((ScenarioTasks t) => t.CountAfter(name, sum.Result));

        Assert.Equal(499_500, await cluster.Client.GetAsync(sum));
        Assert.Equal(1, await cluster.Client.GetAsync(counted));
        var lineage = await cluster.Client.GetLineageAsync(sum.TaskId);
        Assert.Equal(parts.Select(part => part.TaskId).Order(), lineage!.Upstream.Order());
        Assert.Equal(counted.TaskId, Assert.Single(lineage.Downstream));
    }

    [Fact]
    public async Task Each_result_of_a_tuple_is_a_reference_of_its_own()
    {
        var (quotient, remainder) = await cluster.Client.SubmitAsync((ScenarioTasks t) => t.Divide(17, 5));
        var sum = await cluster.Client.SubmitAsync((ScenarioTasks t) => t.Add(quotient.Result, remainder.Result));

        Assert.Equal(3, await cluster.Client.GetAsync(quotient));
        Assert.Equal(2, await cluster.Client.GetAsync(remainder));
        Assert.Equal(5, await cluster.Client.GetAsync(sum));
    }

    [Fact]
    public async Task A_result_larger_than_a_row_is_stored_in_parts_and_passed_on()
    {
        var big = await cluster.Client.SubmitAsync((ScenarioTasks t) => t.Big(3_000_000));
        var length = await cluster.Client.SubmitAsync((ScenarioTasks t) => t.Length(big.Result));

        Assert.Equal(3_000_000, await cluster.Client.GetAsync(length));
        Assert.Equal(new ScenarioTasks().Big(3_000_000), await cluster.Client.GetAsync(big));
    }

    [Fact]
    public async Task A_result_over_the_limit_fails_the_task_and_says_so()
    {
        var tooBig = await cluster.Client.SubmitAsync((ScenarioTasks t) => t.Big(5_000_000));

        var error = await Assert.ThrowsAsync<TaskFailedException>(() => cluster.Client.GetAsync(tooBig));

        Assert.Equal(FailureKind.InvalidResult, error.Failure.Kind);
        Assert.Contains("StoreOptions.MaxPayload", error.Failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_client_of_a_silo_and_one_from_outside_share_their_tasks()
    {
        var inside = await cluster.Cluster.HostedClient.SubmitAsync((ScenarioTasks t) => t.Add(20, 1));
        var outside = await cluster.Client.SubmitAsync((ScenarioTasks t) => t.Add(inside.Result, 21));

        Assert.Equal(42, await cluster.Cluster.HostedClient.GetAsync(outside));
        Assert.Equal(21, await cluster.Client.GetAsync(inside));
    }
}
