namespace FaultTolerance.Bench.Recoveries;

/// <summary>From the kill of a worker until its work ran again, as others have published it or as it was measured outside of this bench.</summary>
internal static class MeasuredElsewhere
{
    /// <summary>Gets whose time it is, the time, and where it comes from.</summary>
    public static IReadOnlyList<(string Whose, string Time, string Source)> Rows { get; } =
    [
        ("Hangfire, default", "30 min", "measured elsewhere"),
        ("Hangfire, smallest sliding invisibility time-out", "5.1 s", "measured elsewhere"),
        ("Quartz clustered, default", "15.7 s", "measured elsewhere"),
        ("Quartz clustered, tuned", "2.7 s", "measured elsewhere"),
        ("Rebus on PostgreSQL (row locks held in open transactions)", "0.4 s", "measured elsewhere"),
        ("Temporal", "the activity's heartbeat time-out + 1.5 s", "measured elsewhere"),
        ("Ray, worker process of a task", "0.1 s", "measured elsewhere"),
        ("Ray, node of a task", "1.0 s", "measured elsewhere"),
        ("Ray, node of an actor (its state is lost)", "15.3 s", "measured elsewhere"),
        ("Ray, frozen node: declared dead", "65 s", "measured elsewhere"),
        ("Ray, frozen node: its task runs again", "not within 400 s", "measured elsewhere"),
        ("Durable Task", "30 s to 5 min", "published"),
        ("Akka", "about 25 s", "published"),
    ];
}
