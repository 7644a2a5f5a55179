using FaultTolerance.Cli.Queries;

namespace FaultTolerance.Cli.Tests.Queries;

public sealed class LineageTests
{
    private readonly Dictionary<TaskId, TaskLineage> _tasks = [];
    private int _questions;

    [Fact]
    public async Task A_diamond_is_followed_in_each_direction_and_each_task_is_asked_once()
    {
        Add(1, upstream: [2, 3], downstream: [5], children: [6]);
        Add(2, upstream: [4], downstream: [1]);
        Add(3, upstream: [4], downstream: [1]);
        Add(4, downstream: [2, 3]);
        Add(5, upstream: [1]);
        Add(6);

        var view = await WalkAsync(LineageLimits.Default);

        Assert.Equal(["2>4", "3>4*"], view.Upstream.Tasks.Select(Shape));
        Assert.Equal(["5"], view.Downstream.Tasks.Select(Shape));
        Assert.Equal(["6"], view.Children.Tasks.Select(Shape));
        Assert.Equal(6, _questions);
    }

    [Fact]
    public async Task Depth_width_and_the_number_of_tasks_are_limited_and_what_is_left_out_is_counted()
    {
        Add(1, upstream: [2, 3, 4]);
        Add(2, upstream: [5]);
        Add(3);
        Add(4);

        var narrow = await WalkAsync(new LineageLimits(Depth: 1, Width: 2, Tasks: 100));
        var few = await WalkAsync(new LineageLimits(Depth: 9, Width: 9, Tasks: 2));

        Assert.Equal("1-1>2-1>3", Shape(narrow.Upstream));
        Assert.Equal("1-2>2-1", Shape(few.Upstream));
    }

    [Fact]
    public async Task A_task_whose_retention_is_over_is_shown_as_not_known()
    {
        Add(1, upstream: [2]);

        var view = await WalkAsync(LineageLimits.Default);

        Assert.Null(Assert.Single(view.Upstream.Tasks).Phase);
        Assert.Null(await new LineageWalk(AskAsync, LineageLimits.Default).RunAsync(Views.Id(2)));
    }

    [Fact]
    public async Task The_tree_has_a_branch_for_each_direction_that_leads_anywhere()
    {
        Add(1, upstream: [2, 3, 4], children: [4]);
        Add(2);
        Add(3);

        var lines = Views.Draw(LineageDrawing.Draw(await WalkAsync(LineageLimits.Default with { Width = 2 })));

        Assert.Equal(
            [
                $"{Views.Id(1)} test.task running, 1 attempt",
                "├── takes the results of",
                $"│   ├── {Views.Id(2)} test.task running, 1 attempt",
                $"│   ├── {Views.Id(3)} test.task running, 1 attempt",
                "│   └── 1 more not shown",
                "└── has submitted",
                $"    └── {Views.Id(4)} not known any more",
            ],
            lines.Where(line => line.Length > 0));
    }

    private static string Shape(LineageNode node) =>
        $"{int.Parse(node.Id[^4..], System.Globalization.NumberStyles.HexNumber, null)}{(node.IsRepeated ? "*" : "")}{(node.Omitted > 0 ? $"-{node.Omitted}" : "")}{string.Concat(node.Tasks.Select(further => $">{Shape(further)}"))}";

    private async Task<LineageView> WalkAsync(LineageLimits limits) => (await new LineageWalk(AskAsync, limits).RunAsync(Views.Id(1)))!;

    private Task<TaskLineage?> AskAsync(TaskId id)
    {
        _questions++;
        return Task.FromResult(_tasks.GetValueOrDefault(id));
    }

    private void Add(int number, int[]? upstream = null, int[]? downstream = null, int[]? children = null) => _tasks[Views.Id(number)] = new TaskLineage(
        new TaskSnapshot { Id = Views.Id(number), Handler = "test.task", HandlerVersion = 1, Phase = TaskPhase.Running, Attempt = 1 },
        [],
        [.. (upstream ?? []).Select(Views.Id)],
        [.. (downstream ?? []).Select(Views.Id)],
        [.. (children ?? []).Select(Views.Id)]);
}
