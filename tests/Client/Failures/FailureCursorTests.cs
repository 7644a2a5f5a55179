using FaultTolerance.Client.Tests.Clusters;
using FaultTolerance.Failures;

namespace FaultTolerance.Client.Tests.Failures;

/// <summary>The memory of a reader of failures, without a cluster.</summary>
public sealed class FailureCursorTests
{
    [Fact]
    public void A_position_is_read_back_as_it_was()
    {
        var cursor = FailureCursor.Beginning.After(Found("a", 1), At(2)).After(Found("b", 3), At(2)).After(Found("ü", 4), At(2));

        var read = FailureCursor.Of(cursor.ToPosition());

        Assert.Equal((cursor.At, cursor.Key), (read.At, read.Key));
        Assert.Equal(cursor.BeyondMark, read.BeyondMark);
        Assert.Equal(cursor.ToPosition(), read.ToPosition());
        Assert.Equal(FailureCursor.Beginning, FailureCursor.Of(FailurePosition.Beginning));
    }

    [Theory]
    [InlineData("")]
    [InlineData("end")]
    [InlineData("!!!")]
    [InlineData("AQAA")]
    [InlineData("AgAAAAAAAAAAAAAA")]
    public void What_is_no_position_is_refused_with_what_to_give_instead(string token)
    {
        var refused = Assert.Throws<FaultToleranceException>(() => FailureCursor.Of(new FailurePosition(token)));

        Assert.Contains("Give back the text of FailureNotice.Position", refused.Message, StringComparison.Ordinal);
        Assert.False(refused.IsRetryable);
    }

    [Fact]
    public void The_longest_position_has_fewer_than_8_000_characters()
    {
        var cursor = FailureCursor.Beginning.After(Found(new string('é', 512), 1), At(1));
        for (var number = 0; number < FailureCursor.MaxTold; number++)
        {
            cursor = cursor.After(Found($"{number}", 2 + number), At(1));
        }

        Assert.InRange(cursor.ToPosition().Token.Length, 6_400, 8_000);
        Assert.False(cursor.HasRoomFor(Found("more", 1_000), At(1)));
        Assert.True(cursor.Settle(At(2)).HasRoomFor(Found("more", 1_000), At(1)));
    }

    /// <summary>
    /// Writers take times and commit later, in any order, within ten seconds. The reader pages through, stops anywhere and goes on
    /// from the text of its last position. A thousand such histories: each failure is told exactly once.
    /// </summary>
    [Fact]
    public async Task Whatever_the_order_of_commits_and_wherever_the_reader_stops_each_failure_is_told_exactly_once()
    {
        for (var seed = 0; seed < 1_000; seed++)
        {
            var random = new Random(seed);
            var table = new IncidentTable();
            var commits = Enumerable.Range(0, 60)
                .Select(number => (Key: $"incident/{number}", At: Math.Round(random.NextDouble() * 40), Commit: 0.0))
                .Select(made => made with { Commit = made.At + (random.NextDouble() * 10) })
                .OrderBy(made => made.Commit)
                .ToList();
            var told = new List<string>();
            var position = FailurePosition.Beginning;
            for (var now = 0; now <= 60; now++)
            {
                table.Commit([.. commits.Where(made => made.Commit >= now - 1 && made.Commit < now).Select(made => (made.Key, made.At))]);
                table.SettledAt = now - 11;
                position = await ReadAsync(table, position, random, told);
            }

            Assert.Equal(commits.Select(made => made.Key).Order(), told.Order());
        }
    }

    /// <summary>Reads some of what there is, and returns the position of what was told last.</summary>
    private static async Task<FailurePosition> ReadAsync(IncidentTable table, FailurePosition position, Random random, List<string> told)
    {
        var cursor = FailureCursor.Of(position);
        var page = await table.ListIncidentsAfterAsync(cursor.At, cursor.Key, random.Next(1, 8) + cursor.BeyondMark.Count);
        foreach (var found in cursor.Untold(page))
        {
            cursor = cursor.After(found, page.SettledAt);
            told.Add(found.Incident.Key);
            if (random.Next(10) == 0)
            {
                return cursor.ToPosition();
            }
        }

        return (page.HasMore ? cursor : cursor.Settle(page.SettledAt)).ToPosition();
    }

    private static RecordedIncident Found(string key, double at) => new(At(at), new IncidentSnapshot { Key = key });

    private static DateTimeOffset At(double seconds) => IncidentTable.Start.AddSeconds(seconds);
}
