using FaultTolerance.Cli.Queries;
using Spectre.Console.Rendering;
using Spectre.Console.Testing;

namespace FaultTolerance.Cli.Tests.Queries;

/// <summary>Tasks and pictures for tests of what is shown.</summary>
internal static class Views
{
    public static DateTimeOffset Noon { get; } = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);

    public static TaskId Id(int number) => new(Guid.Parse($"0199a1b2-c3d4-7000-8000-{number:x12}"));

    public static TaskItem Item(int number) => new()
    {
        Id = Id(number).ToString(),
        Handler = "files.digest",
        Version = 1,
        Phase = TaskPhase.Running,
        Attempt = 2,
        Node = "silo-1",
        SubmittedAt = Noon.AddSeconds(-90),
        DueAt = Noon.AddSeconds(-90),
    };

    /// <summary>A task that a crash has cost one attempt, and an exception of its own the next.</summary>
    public static TaskHistory History()
    {
        var crash = new TaskFailure
        {
            Kind = FailureKind.Crash,
            Message = "Process 11 is gone.",
            TaskId = Id(1),
            Attempt = 1,
            Node = "silo-1",
            At = Noon.AddSeconds(2),
            Response = FailureResponse.Retried,
            RetryAt = Noon.AddSeconds(2),
        };
        var cause = new TaskFailure { Kind = FailureKind.UserException, Message = "disk [full]", TaskId = Id(1), Attempt = 2, ExceptionType = "System.IO.IOException" };
        var thrown = new TaskFailure
        {
            Kind = FailureKind.UserException,
            Message = "cannot write",
            TaskId = Id(1),
            Attempt = 2,
            Node = "silo-2",
            ExceptionType = "My.WriteException",
            At = Noon.AddSeconds(3),
            Cause = cause,
        };
        var task = new TaskSnapshot
        {
            Id = Id(1),
            Handler = "files.digest",
            HandlerVersion = 3,
            Phase = TaskPhase.Failed,
            Attempt = 2,
            SubmittedAt = Noon,
            DueAt = Noon,
            FinishedAt = Noon.AddSeconds(3),
            Failure = thrown,
            Retries = new Dictionary<FailureKind, int> { [FailureKind.Crash] = 1 },
            Parent = Id(9),
        };
        return new TaskHistory(task,
        [
            new() { Number = 1, Node = "silo-1", Incarnation = new(0xa1), ClaimedAt = Noon, EndedAt = Noon.AddSeconds(2), Outcome = AttemptOutcome.Failed, Failure = crash },
            new() { Number = 2, Node = "silo-2", Incarnation = new(0xa2), ClaimedAt = Noon.AddSeconds(2), EndedAt = Noon.AddSeconds(3), Outcome = AttemptOutcome.Failed, Failure = thrown },
        ]);
    }

    /// <summary>A task whose handler has saved progress.</summary>
    public static TaskHistory Progressing()
    {
        var task = new TaskSnapshot
        {
            Id = Id(1),
            Handler = "files.digest",
            HandlerVersion = 3,
            Phase = TaskPhase.Running,
            Attempt = 3,
            Node = "silo-1",
            SubmittedAt = Noon,
            Progress = new TaskProgress { Attempt = 2, SavedAt = Noon.AddSeconds(2), Size = 1_234, Type = "My.Cursor" },
        };
        return new TaskHistory(task, []);
    }

    /// <summary>Draws on a terminal of 80 columns, and returns its lines.</summary>
    public static string[] Draw(IRenderable picture)
    {
        using var console = new TestConsole().Width(80);
        console.Write(picture);
        return [.. console.Output.Split('\n').Select(line => line.TrimEnd())];
    }
}
