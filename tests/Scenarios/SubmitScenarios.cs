using FaultTolerance.Storage.InMemory;
using FaultTolerance.Testing.Clusters;

namespace FaultTolerance.Scenarios.Tests;

public sealed class SubmitScenarios(ClusterFixture cluster)
{
    public interface IElsewhere
    {
        [TaskHandler("elsewhere.run", Version = 7)]
        Task<int> Run(int a);
    }

    public interface IOldAdd
    {
        [TaskHandler("scenario.add")]
        int Add(int a);
    }

    public interface IOtherAdd
    {
        [TaskHandler("scenario.add")]
        int Add(string a, int b);
    }

    public interface IAddByInterface
    {
        [TaskHandler("scenario.add")]
        int Add(int a, int b);
    }

    [Fact]
    public async Task A_client_needs_the_handlers_interface_only()
    {
        var task = await cluster.Client.SubmitAsync((IAddByInterface t) => t.Add(2, 3));

        Assert.Equal(5, await cluster.Client.GetAsync(task));
    }

    [Fact]
    public async Task A_handler_that_no_living_silo_has_is_rejected_with_those_that_there_are()
    {
        var error = await Assert.ThrowsAsync<SubmitRejectedException>(() => cluster.Client.SubmitAsync((IElsewhere t) => t.Run(1)));

        Assert.Equal(SubmitRejection.UnknownHandler, error.Reason);
        Assert.Contains("elsewhere.run@7", error.Message, StringComparison.Ordinal);
        Assert.Contains("scenario.add@1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_count_of_arguments_is_rejected()
    {
        var error = await Assert.ThrowsAsync<SubmitRejectedException>(() => cluster.Client.SubmitAsync((IOldAdd t) => t.Add(1)));

        Assert.Equal(SubmitRejection.InvalidArguments, error.Reason);
        Assert.Contains("takes 2 arguments", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_type_of_argument_is_rejected()
    {
        var error = await Assert.ThrowsAsync<SubmitRejectedException>(() => cluster.Client.SubmitAsync((IOtherAdd t) => t.Add("1", 2)));

        Assert.Equal(SubmitRejection.InvalidArguments, error.Reason);
        Assert.Contains("System.String", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_oversized_argument_is_rejected()
    {
        var bytes = new byte[4_500_000];

        var error = await Assert.ThrowsAsync<SubmitRejectedException>(() => cluster.Client.SubmitAsync((ScenarioTasks t) => t.Length(bytes)));

        Assert.Equal(SubmitRejection.TooLarge, error.Reason);
    }

    [Fact]
    public async Task Options_out_of_their_bounds_are_rejected_all_at_once()
    {
        var options = new SubmitOptions { StartAfter = TimeSpan.FromSeconds(-1), Retry = new() { Multiplier = 0, MaxAttempts = 0 } };

        var error = await Assert.ThrowsAsync<SubmitRejectedException>(() => cluster.Client.SubmitAsync((ScenarioTasks t) => t.Add(1, 2), options));

        Assert.Equal(SubmitRejection.InvalidOptions, error.Reason);
        Assert.Contains("StartAfter", error.Message, StringComparison.Ordinal);
        Assert.Contains("Multiplier", error.Message, StringComparison.Ordinal);
        Assert.Contains("MaxAttempts", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_call_under_the_same_id_is_one_task_and_another_call_is_an_error()
    {
        var name = Guid.NewGuid().ToString();
        var options = new SubmitOptions { Id = TaskId.New() };

        var first = await cluster.Client.SubmitAsync((ScenarioTasks t) => t.Count(name), options);
        var repeat = await cluster.Client.SubmitAsync((ScenarioTasks t) => t.Count(name), options);
        var error = await Assert.ThrowsAsync<SubmitRejectedException>(() => cluster.Client.SubmitAsync((ScenarioTasks t) => t.Count("another"), options));

        Assert.Equal(first, repeat);
        Assert.Equal(SubmitRejection.IdTaken, error.Reason);
        Assert.Equal(1, await cluster.Client.GetAsync(repeat));
    }

    public static TheoryData<string, SubmitOptions> OtherOptions() => new()
    {
        { "StartAfter", new SubmitOptions { StartAfter = TimeSpan.FromMilliseconds(1) } },
        { "Deadline", new SubmitOptions { Deadline = TimeSpan.FromHours(1) } },
        { "IdempotencyKey", new SubmitOptions { IdempotencyKey = Guid.NewGuid().ToString() } },
        { "options", new SubmitOptions { AttemptTimeout = TimeSpan.FromHours(1) } },
    };

    [Theory]
    [MemberData(nameof(OtherOptions), DisableDiscoveryEnumeration = true)]
    public async Task The_same_arguments_with_other_options_under_the_same_id_are_an_error(string different, SubmitOptions options)
    {
        var id = TaskId.New();
        await cluster.Client.SubmitAsync((ScenarioTasks t) => t.Add(1, 2), new SubmitOptions { Id = id });

        var error = await Assert.ThrowsAsync<SubmitRejectedException>(() => cluster.Client.SubmitAsync((ScenarioTasks t) => t.Add(1, 2), options with { Id = id }));

        Assert.Equal(SubmitRejection.IdTaken, error.Reason);
        Assert.Contains(different, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_repeat_with_an_id_a_key_a_delay_and_a_deadline_is_the_same_task_and_another_call_with_them_is_an_error()
    {
        var options = new SubmitOptions { Id = TaskId.New(), IdempotencyKey = Guid.NewGuid().ToString(), StartAfter = TimeSpan.FromMilliseconds(1), Deadline = TimeSpan.FromHours(1) };

        var first = await cluster.Client.SubmitAsync((ScenarioTasks t) => t.Add(1, 2), options);
        var repeat = await cluster.Client.SubmitAsync((ScenarioTasks t) => t.Add(1, 2), options);
        var error = await Assert.ThrowsAsync<SubmitRejectedException>(() => cluster.Client.SubmitAsync((ScenarioTasks t) => t.Add(3, 4), options));

        Assert.Equal(first, repeat);
        Assert.Equal(3, await cluster.Client.GetAsync(repeat));
        Assert.Equal(SubmitRejection.IdTaken, error.Reason);
    }

    [Fact]
    public async Task Another_call_under_an_idempotency_key_in_use_is_an_error()
    {
        var options = new SubmitOptions { IdempotencyKey = Guid.NewGuid().ToString() };
        var first = await cluster.Client.SubmitAsync((ScenarioTasks t) => t.Add(1, 2), options);

        var other = await Assert.ThrowsAsync<SubmitRejectedException>(() => cluster.Client.SubmitAsync((ScenarioTasks t) => t.Count("other"), options));
        var arguments = await Assert.ThrowsAsync<SubmitRejectedException>(() => cluster.Client.SubmitAsync((ScenarioTasks t) => t.Add(3, 4), options));

        Assert.All([other, arguments], rejected => Assert.Equal(SubmitRejection.KeyTaken, rejected.Reason));
        Assert.All([options.IdempotencyKey, "scenario.add@1", "scenario.count@1", $"{first.TaskId}"], fact => Assert.Contains(fact, other.Message, StringComparison.Ordinal));
        Assert.Equal(3, await cluster.Client.GetAsync(first));
        Assert.Null(await cluster.Client.GetSnapshotAsync(other.TaskId));
    }

    [Fact]
    public async Task One_idempotency_key_is_one_task_also_when_submitted_at_once()
    {
        var name = Guid.NewGuid().ToString();
        var options = new SubmitOptions { IdempotencyKey = name };

        var submits = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => cluster.Client.SubmitAsync((ScenarioTasks t) => t.Count(name), options)));

        Assert.Single(submits.Distinct());
        var results = await Task.WhenAll(submits.Select(submit => cluster.Client.GetAsync(submit)));
        Assert.All(results, result => Assert.Equal(1, result));
    }

    [Fact]
    public async Task An_idempotency_key_holds_across_a_restart_of_the_whole_cluster()
    {
        var name = Guid.NewGuid().ToString();
        var options = new SubmitOptions { IdempotencyKey = name };
        var engine = InMemoryStore.CreateEngine(TimeProvider.System);
        ObjectRef<int> first;
        await using (var before = await FaultyCluster.StartAsync(nodes: 1, engine, ClusterFixture.AddHandlers))
        {
            first = await before.Client.SubmitAsync((ScenarioTasks t) => t.Count(name), options);
            Assert.Equal(1, await before.Client.GetAsync(first));
        }

        await using var after = await FaultyCluster.StartAsync(nodes: 1, engine, ClusterFixture.AddHandlers);
        var second = await after.Client.SubmitAsync((ScenarioTasks t) => t.Count(name), options);

        Assert.Equal(first, second);
        Assert.Equal(1, await after.Client.GetAsync(second));
    }

    [Fact]
    public async Task One_idempotency_key_submitted_at_once_before_and_after_a_restart_is_one_task()
    {
        var name = Guid.NewGuid().ToString();
        var options = new SubmitOptions { IdempotencyKey = name, StartAfter = TimeSpan.FromMilliseconds(500) };
        var engine = InMemoryStore.CreateEngine(TimeProvider.System);
        ObjectRef<int>[] before, after;
        await using (var first = await FaultyCluster.StartAsync(nodes: 2, engine, ClusterFixture.AddHandlers))
        {
            before = await AtOnceAsync(first);
        }

        await using var second = await FaultyCluster.StartAsync(nodes: 2, engine, ClusterFixture.AddHandlers);
        after = await AtOnceAsync(second);

        var task = Assert.Single(before.Concat(after).Distinct());
        Assert.Equal(1, await second.Client.GetAsync(task));
        Assert.Equal(1, ScenarioTasks.Runs[name]);

        Task<ObjectRef<int>[]> AtOnceAsync(FaultyCluster cluster) => Task.WhenAll(new[] { cluster.Client, cluster.HostedClient }
            .SelectMany(client => Enumerable.Range(0, 10).Select(_ => client.SubmitAsync((ScenarioTasks t) => t.Count(name), options))));
    }

    [Fact]
    public async Task A_task_that_was_never_accepted_is_unknown()
    {
        var nobody = new ObjectRef<int>(TaskId.New());

        await Assert.ThrowsAsync<TaskUnknownException>(() => cluster.Client.GetAsync(nobody));
        Assert.Null(await cluster.Client.GetSnapshotAsync(nobody.TaskId));
    }
}
