using FaultTolerance.Cli.Queries;

namespace FaultTolerance.Cli.Tests.Queries;

/// <summary>What people see on a terminal of 80 columns.</summary>
public sealed class DrawingTests
{
    [Fact]
    public void A_list_has_one_line_for_each_task_and_says_how_to_go_on()
    {
        var longName = Views.Item(2) with { Handler = "a-handler-with-a-very-long-name", Phase = TaskPhase.Succeeded, Node = null, Attempt = 0 };

        var lines = Views.Draw(TaskDrawing.Draw(new TaskListView([Views.Item(1), longName], Views.Id(2).ToString()), Views.Noon));

        Assert.Matches("^task +handler +phase +try +node +age$", lines[0]);
        Assert.Matches($"^{Views.Id(1)} files.digest +running +2 silo-1 90 s$", lines[1]);
        Assert.Matches($"^{Views.Id(2)} a-handler-with-… succeeded +0 - +90 s$", lines[2]);
        Assert.Equal($"There may be more: --after {Views.Id(2)}", lines[3]);
    }

    [Fact]
    public void An_empty_list_says_so() => Assert.Equal("No task.", Views.Draw(TaskDrawing.Draw(new TaskListView([], null), Views.Noon))[0]);

    [Fact]
    public void The_progress_of_a_task_is_told_with_its_size_its_type_and_who_saved_it_when()
    {
        var text = string.Join(' ', Views.Draw(TaskDrawing.Draw(TaskView.Of(Views.Progressing()))).Select(line => line.Trim()));

        Assert.Contains("progress   1,234 bytes of My.Cursor, saved by attempt 2 at 2026-05-04 12:00:02.000Z", text);
    }

    [Fact]
    public void What_cannot_be_read_of_a_damaged_task_is_told()
    {
        var history = Views.History();

        var text = string.Join(' ', Views.Draw(TaskDrawing.Draw(TaskView.Of(history with { Task = history.Task with { Damage = "A part is [lost]." } }))).Select(line => line.Trim()));

        Assert.Matches(@"damage\s+A part is \[lost\]\.", text);
    }

    [Fact]
    public void A_task_is_told_with_each_attempt_its_causes_and_what_came_next()
    {
        var lines = Views.Draw(TaskDrawing.Draw(TaskView.Of(Views.History())));

        Assert.Equal(
            [
                $"task          {Views.Id(1)}",
                "handler       files.digest, version 3",
                "phase         failed",
                "submitted     2026-05-04 12:00:00.000Z",
                "finished      2026-05-04 12:00:03.000Z (after 3 s)",
                $"submitted by  {Views.Id(9)}",
                "retries       crash: 1",
                "attempt 1 on silo-1 at 2026-05-04 12:00:00.000Z: failed after 2 s",
                "  crash: Process 11 is gone.",
                "  then: tried again at the cost of a retry, from 2026-05-04 12:00:02.000Z on",
                "attempt 2 on silo-2 at 2026-05-04 12:00:02.000Z: failed after 1 s",
                "  user exception: cannot write (My.WriteException)",
                "    because of user exception: disk [full] (System.IO.IOException)",
                "  then: nothing more, the failure is final",
            ],
            lines.Where(line => line.Length > 0));
    }

    [Fact]
    public void A_failure_outside_any_attempt_is_told_once()
    {
        var cancelled = new TaskFailure { Kind = FailureKind.Cancelled, Message = "not needed", TaskId = Views.Id(1) };
        var task = Views.History().Task with { Phase = TaskPhase.Cancelled, Failure = cancelled };

        var lines = Views.Draw(TaskDrawing.Draw(TaskView.Of(new TaskHistory(task, []))));

        Assert.Single(lines, line => line == "  cancelled: not needed");
    }

    [Fact]
    public void Cancels_are_told_one_by_one()
    {
        var view = new CancelView(
        [
            CancelItem.Of(Views.Id(1), Views.History().Task with { Phase = TaskPhase.Cancelled }),
            CancelItem.Of(Views.Id(2), Views.History().Task with { Phase = TaskPhase.Succeeded }),
            CancelItem.Of(Views.Id(3), null),
        ]);

        var lines = Views.Draw(TaskDrawing.Draw(view));

        Assert.EndsWith("  cancelled", lines[1], StringComparison.Ordinal);
        Assert.EndsWith("  not cancelled: it has succeeded already", lines[2], StringComparison.Ordinal);
        Assert.Contains("  not known: never accepted", lines[3], StringComparison.Ordinal);
    }

    [Fact]
    public void Nodes_show_phase_life_address_load_lease_and_silence_and_incidents_follow()
    {
        var view = new NodesView(
            [
                new() { Name = "silo-1", Incarnation = "6883c58e3de82b3d", Phase = NodePhase.Alive, Address = "127.0.0.1:29140", Slots = 8, UsableSlots = 8, Running = 3, Waiting = 2, LeaseSeconds = 4.5, SilentSeconds = 0.7, Version = "1" },
                new() { Name = "silo-2", Incarnation = "6883c58e233203ca", Phase = NodePhase.Suspected, Address = "127.0.0.1:29142", Slots = 8, UsableSlots = 2, Order = NodeOrderKind.Quarantine, OrderReason = "a loud fan", OrderUntil = Views.Noon, LeaseSeconds = -1, Version = "1" },
            ],
            [new() { Kind = FailureKind.Crash, Node = "silo-2", Incarnation = "a1", At = Views.Noon, Evidence = "Process 11 is gone.", RecoveredAt = Views.Noon.AddSeconds(1), AttemptsAffected = 6 }]);

        var lines = Views.Draw(NodeDrawing.Draw(view));

        Assert.Matches(@"^silo-1  alive      6883c58e3de82b3d  127.0.0.1:29140  3/8 \+2  4.5 s  0.7 s$", lines[1]);
        Assert.Matches("^silo-2  suspected  6883c58e233203ca  127.0.0.1:29142     -/8   over      -$", lines[2]);
        Assert.Equal("silo-2 has the order quarantine until 2026-05-04 12:00:00.000Z: a loud fan", lines[3]);
        Assert.Equal("2026-05-04 12:00:00.000Z crash of silo-2, life a1", lines[4]);
        Assert.Equal("  Process 11 is gone. recovered after 1 s, 6 attempts affected", lines[5]);
    }

    [Fact]
    public void An_incident_is_told_with_its_times_what_was_done_and_how_far_the_handlers_are()
    {
        var incident = IncidentView.Of(new IncidentSnapshot
        {
            Key = "node/a1",
            Kind = FailureKind.NodeLost,
            Node = "silo-2",
            Incarnation = new NodeIncarnation(0xa1),
            At = Views.Noon,
            Evidence = "Its lease ended.",
            SuspectedAt = Views.Noon.AddSeconds(-3),
            OverdueAt = Views.Noon.AddSeconds(300),
            Actions = [new IncidentAction(Views.Noon.AddSeconds(300), "flagged overdue: KeepTrying", "silo-1")],
            FollowUps = [new IncidentFollowUp("pager", 5, null, "It is [broken].", true)],
        });

        Assert.Equal(
            [
                "2026-05-04 12:00:00.000Z node lost of silo-2, life a1",
                "  Its lease ended. overdue, not recovered yet",
                "  suspected    2026-05-04 11:59:57.000Z",
                "  overdue      2026-05-04 12:05:00.000Z",
                "  2026-05-04 12:05:00.000Z flagged overdue: KeepTrying (silo-1)",
                "  handler pager: given up after 5 tries: It is [broken].",
            ],
            Views.Draw(IncidentDrawing.Draw(incident)).Where(line => line.Length > 0));
    }

    [Fact]
    public void Incidents_of_each_kind_say_what_failed_and_by_which_name_it_is_shown()
    {
        var task = new IncidentView { Entity = FailedEntity.Task, Kind = FailureKind.Hung, Task = "17", Attempt = 2, Node = "silo-1", At = Views.Noon, Evidence = "It hangs.", Key = "task/17/2" };
        var store = new IncidentView { Entity = FailedEntity.Storage, Kind = FailureKind.StoreUnreachable, BeganAt = Views.Noon, At = Views.Noon, RecoveredAt = Views.Noon.AddSeconds(60), Evidence = "Away.", Key = "storage/1" };
        var actor = new IncidentView
        {
            Entity = FailedEntity.Actor,
            Kind = FailureKind.Hung,
            ActorType = "account",
            ActorKey = "[alice]",
            Node = "silo-1",
            BeganAt = Views.Noon.AddSeconds(-31),
            At = Views.Noon,
            RecoveredAt = Views.Noon.AddSeconds(9),
            Evidence = "It is silent.",
            Key = "actor/a1/1/1",
        };

        var lines = Views.Draw(IncidentDrawing.Draw(new IncidentListView([task, store, actor])));

        Assert.Equal(
            [
                "2026-05-04 12:00:00.000Z hung of task 17, attempt 2 on silo-1", "  It hangs.", "  task/17/2",
                "2026-05-04 12:00:00.000Z store unreachable of the store", "  Away. over after 60 s", "  storage/1",
                "2026-05-04 12:00:00.000Z hung of actor account/[alice] on silo-1", "  It is silent. alive again after 40 s", "  actor/a1/1/1",
            ],
            lines.Where(line => line.Length > 0));
        Assert.Equal("No incident.", Views.Draw(IncidentDrawing.Draw(new IncidentListView([])))[0]);
    }

    [Theory]
    [InlineData(-1, "0 s")]
    [InlineData(0.25, "250 ms")]
    [InlineData(119, "119 s")]
    [InlineData(125, "2 min")]
    [InlineData(7_300, "2 h")]
    [InlineData(200_000, "2 d")]
    public void A_length_of_time_is_told_in_its_largest_unit(double seconds, string expected) =>
        Assert.Equal(expected, Tables.Span(TimeSpan.FromSeconds(seconds)));
}
