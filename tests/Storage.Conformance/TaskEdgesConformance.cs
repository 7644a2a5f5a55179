using FaultTolerance.Storage.Tasks;

namespace FaultTolerance.Storage.Conformance;

/// <summary>Edges between tasks, and the protocol by which dependents are woken: always, and once.</summary>
public abstract class TaskEdgesConformance : EngineConformance
{
    [Fact]
    public async Task Edges_are_read_from_both_ends_and_so_are_children()
    {
        var (a, b) = (NewTask(), NewTask());
        var dependent = Dependent(a, b) with { Parent = a.Id };
        await StoreAsync(a, b);
        await StoreAsync(dependent);

        var (ofA, ofB, ofDependent) = (await EdgesAsync(a.Id), await EdgesAsync(b.Id), await EdgesAsync(dependent.Id));

        Assert.Equal(new[] { a.Id, b.Id }.Order(), ofDependent.Upstream.Order());
        Assert.Empty(ofDependent.Downstream);
        Assert.Empty(ofDependent.Children);
        Assert.Equal([dependent.Id], ofA.Downstream);
        Assert.Equal([dependent.Id], ofA.Children);
        Assert.Equal([dependent.Id], ofB.Downstream);
        Assert.Empty(ofB.Children);
    }

    [Fact]
    public async Task A_task_may_need_a_thousand_others()
    {
        TaskInsert[] needed = [.. Enumerable.Range(0, 1_000).Select(_ => NewTask())];
        var dependent = Dependent(needed);
        await StoreAsync(needed);
        await StoreAsync(dependent);

        Assert.Equal(needed.Select(insert => insert.Id).Order(), (await EdgesAsync(dependent.Id)).Upstream.Order());
        await FinishAsync(needed);
        Assert.Equal([dependent.Id], await ResolveAsync(needed));
        Assert.Equal([dependent.Id], await WakeAsync(dependent));
    }

    [Fact]
    public async Task A_thousand_tasks_may_need_one()
    {
        var needed = NewTask();
        await StoreAsync(needed);
        TaskInsert[] dependents = [.. Enumerable.Range(0, 1_000).Select(_ => Dependent(needed))];
        await StoreAsync(dependents);
        var ids = dependents.Select(insert => insert.Id).Order().ToList();
        await FinishAsync(needed);

        Assert.Equal(ids, (await ResolveAsync(needed)).Order());
        Assert.Equal(ids, (await WakeAsync(dependents)).Order());
    }

    [Fact]
    public async Task Nothing_to_resolve_to_look_at_or_to_wake_is_no_error()
    {
        Assert.Empty(await ResolveAsync());
        await LookAsync();
        Assert.Empty(await WakeAsync());
    }

    [Fact]
    public async Task A_woken_task_is_queued_and_due_now_and_carries_the_token()
    {
        var needed = NewTask();
        var dependent = Dependent(needed);
        await StoreAsync(needed);
        await StoreAsync(dependent);
        await FinishAsync(needed);
        await ResolveAsync(needed);
        var (before, token) = (await Engine.ReadTimeAsync(CancellationToken.None), NewToken());

        Assert.Equal([dependent.Id], await Engine.WakeAsync([dependent.Id], token, CancellationToken.None));

        var woken = await ReadAsync(dependent.Id);
        Assert.InRange(woken.Due, before, await Engine.ReadTimeAsync(CancellationToken.None));
        AssertSame(dependent.Row with { Phase = TaskPhase.Queued, Due = woken.Due, Token = token }, woken);
        Assert.Equal(dependent.Id, Assert.Single(await ClaimAsync(Node1)).Id);
    }

    [Fact]
    public async Task A_woken_task_that_is_due_later_stays_due_later()
    {
        var dependent = NewTask(TaskPhase.Waiting, due: Future);
        await StoreAsync(dependent);

        await WakeAsync(dependent);

        Assert.Equal(Future, (await ReadAsync(dependent.Id)).Due);
    }

    [Fact]
    public async Task A_task_with_one_unresolved_edge_is_not_woken()
    {
        var (done, open) = (NewTask(), NewTask());
        var dependent = Dependent(done, open);
        await StoreAsync(done, open);
        await StoreAsync(dependent);
        await FinishAsync(done);

        Assert.Equal([dependent.Id], await ResolveAsync(done));
        Assert.Empty(await WakeAsync(dependent));

        AssertSame(dependent.Row, await ReadAsync(dependent.Id));
    }

    [Fact]
    public async Task Only_waiting_tasks_are_woken()
    {
        TaskInsert[] others =
        [
            NewTask(due: Future), NewTask(TaskPhase.Running, owner: Node1), NewTask(TaskPhase.Succeeded),
            NewTask(TaskPhase.Failed), NewTask(TaskPhase.Cancelled),
        ];
        await StoreAsync(others);

        Assert.Empty(await WakeAsync([.. others, NewTask()]));

        foreach (var other in others)
        {
            AssertSame(other.Row, await ReadAsync(other.Id));
        }
    }

    [Fact]
    public async Task A_second_wake_and_a_second_resolving_do_nothing()
    {
        var needed = NewTask();
        var dependent = Dependent(needed);
        await StoreAsync(needed);
        await StoreAsync(dependent);
        await FinishAsync(needed);

        Assert.Equal([dependent.Id], await ResolveAsync(needed));
        Assert.Empty(await ResolveAsync(needed));
        Assert.Equal([dependent.Id], await WakeAsync(dependent));
        Assert.Empty(await WakeAsync(dependent));
    }

    [Fact]
    public async Task A_dependent_of_several_finished_tasks_is_returned_once()
    {
        var (a, b) = (NewTask(TaskPhase.Succeeded), NewTask(TaskPhase.Failed));
        var (first, second) = (Dependent(a, b), Dependent(b));
        await StoreAsync(first, second);

        Assert.Equal(new[] { first.Id, second.Id }.Order(), (await ResolveAsync(a, b)).Order());
    }

    [Fact]
    public async Task Looking_resolves_edges_from_tasks_that_are_final_or_unknown_and_no_others()
    {
        TaskInsert[] final = [NewTask(TaskPhase.Succeeded), NewTask(TaskPhase.Failed), NewTask(TaskPhase.Cancelled)];
        TaskInsert[] open = [NewTask(), NewTask(TaskPhase.Waiting), NewTask(TaskPhase.Running, owner: Node1)];
        await StoreAsync([.. final, .. open]);
        TaskInsert[] free = [.. final.Select(needed => Dependent(needed)), Dependent(NewTask())];
        TaskInsert[] held = [.. open.Select(needed => Dependent(needed)), Dependent(final[0], open[0])];
        await StoreAsync([.. free, .. held]);

        await LookAsync([.. free, .. held]);

        Assert.Equal(free.Select(insert => insert.Id).Order(), (await WakeAsync([.. free, .. held])).Order());
    }

    [Fact]
    public async Task Edges_resolved_by_looking_are_not_resolved_again()
    {
        var needed = NewTask(TaskPhase.Succeeded);
        var dependent = Dependent(needed);
        await StoreAsync(needed, dependent);

        await LookAsync(dependent);

        Assert.Empty(await ResolveAsync(needed));
    }

    [Fact]
    public async Task Looking_at_one_dependent_leaves_the_edges_of_others()
    {
        var needed = NewTask(TaskPhase.Succeeded);
        var (seen, unseen) = (Dependent(needed), Dependent(needed));
        await StoreAsync(needed, seen, unseen);

        await LookAsync(seen);

        Assert.Equal([seen.Id], await WakeAsync(seen, unseen));
        Assert.Equal([unseen.Id], await ResolveAsync(needed));
    }

    [Fact]
    public async Task A_dependent_stored_after_the_completion_is_woken_by_its_own_look()
    {
        var needed = NewTask();
        await StoreAsync(needed);
        await FinishAsync(needed);
        Assert.Empty(await ResolveAsync(needed));
        var dependent = Dependent(needed);
        await StoreAsync(dependent);

        await LookAsync(dependent);

        Assert.Equal([dependent.Id], await WakeAsync(dependent));
    }

    [Fact]
    public async Task A_dependent_stored_before_the_completion_is_woken_by_the_completer()
    {
        var needed = NewTask();
        var dependent = Dependent(needed);
        await StoreAsync(needed);
        await StoreAsync(dependent);
        await LookAsync(dependent);
        Assert.Empty(await WakeAsync(dependent));

        await FinishAsync(needed);

        Assert.Equal([dependent.Id], await ResolveAsync(needed));
        Assert.Equal([dependent.Id], await WakeAsync(dependent));
    }

    [Fact]
    public async Task Completer_and_dependent_that_race_always_wake_and_only_once()
    {
        for (var round = 0; round < 40; round++)
        {
            var needed = NewTask();
            var dependent = Dependent(needed);
            await StoreAsync(needed);

            var woken = await TogetherAsync(2, side => side == 0 ? CompleteAsync(needed) : SubmitAsync(dependent));

            Assert.Equal(dependent.Id, Assert.Single(woken.SelectMany(ids => ids)));
            Assert.Equal(TaskPhase.Queued, (await ReadAsync(dependent.Id)).Phase);
        }
    }

    [Fact]
    public async Task Completers_of_all_that_a_task_needs_wake_it_once_between_them()
    {
        for (var round = 0; round < 20; round++)
        {
            TaskInsert[] needed = [NewTask(), NewTask(), NewTask(), NewTask()];
            var dependent = Dependent(needed);
            await StoreAsync(needed);
            await StoreAsync(dependent);

            var woken = await TogetherAsync(needed.Length, completer => CompleteAsync(needed[completer]));

            Assert.Equal(dependent.Id, Assert.Single(woken.SelectMany(ids => ids)));
        }
    }

    private TaskInsert Dependent(params TaskInsert[] needed) =>
        NewTask(TaskPhase.Waiting) with { DependsOn = [.. needed.Select(insert => insert.Id)] };

    private Task<TaskEdges> EdgesAsync(TaskId id) => Engine.ReadEdgesAsync(id, CancellationToken.None);

    private Task<IReadOnlyList<TaskId>> ResolveAsync(params TaskInsert[] finished) =>
        RepeatAsync(() => Engine.ResolveEdgesAsync([.. finished.Select(insert => insert.Id)], CancellationToken.None));

    private Task<bool> LookAsync(params TaskInsert[] dependents) => RepeatAsync(async () =>
    {
        await Engine.LookAtDependenciesAsync([.. dependents.Select(insert => insert.Id)], CancellationToken.None);
        return true;
    });

    private Task<IReadOnlyList<TaskId>> WakeAsync(params TaskInsert[] dependents)
    {
        var token = NewToken();
        return RepeatAsync(() => Engine.WakeAsync([.. dependents.Select(insert => insert.Id)], token, CancellationToken.None));
    }

    private async Task FinishAsync(params TaskInsert[] inserts) =>
        Assert.All(await WriteAllAsync([.. inserts.Select(insert => Finish(insert.Row))]), result => Assert.True(result.IsApplied));

    /// <summary>What whoever completes a task does: commit, resolve, and then in a later transaction wake.</summary>
    private async Task<IReadOnlyList<TaskId>> CompleteAsync(TaskInsert needed)
    {
        await FinishAsync(needed);
        var dependents = await ResolveAsync(needed);
        var token = NewToken();
        return dependents.Count == 0 ? [] : await RepeatAsync(() => Engine.WakeAsync(dependents, token, CancellationToken.None));
    }

    /// <summary>What whoever accepts a dependent does: commit, look, and wake.</summary>
    private async Task<IReadOnlyList<TaskId>> SubmitAsync(TaskInsert dependent)
    {
        await StoreAsync(dependent);
        await LookAsync(dependent);
        return await WakeAsync(dependent);
    }
}
