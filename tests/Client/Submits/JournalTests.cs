using System.Collections.Concurrent;
using FaultTolerance.Client.Tests.Calls;
using FaultTolerance.Client.Tests.Clusters;

namespace FaultTolerance.Client.Tests.Submits;

public sealed class JournalTests
{
    [Fact]
    public async Task Acknowledged_ids_are_in_the_journal_before_their_submits_return()
    {
        var journal = new RecordingJournal();
        await using var cluster = FakeCluster.Start(journal: journal);

        var one = await cluster.AcceptedAsync(client => client.SubmitAsync((FileTasks t) => t.Digest("/a")));
        Assert.Equal([one.TaskId], journal.Ids);
        var many = cluster.Client.SubmitManyAsync((FileTasks t, string path) => t.Digest(path), ["/b", "/c"]);
        (await cluster.NextSubmitAsync()).Accept();

        Assert.Equal([one.TaskId, .. (await many).Select(reference => reference.TaskId)], journal.Ids);
    }

    [Fact]
    public async Task Rejected_ids_are_not_in_the_journal()
    {
        var journal = new RecordingJournal();
        await using var cluster = FakeCluster.Start(journal: journal);

        var submitted = cluster.Client.SubmitAsync((FileTasks t) => t.Digest("/a"));
        (await cluster.NextSubmitAsync()).Reject(SubmitRejection.UnknownHandler);

        await Assert.ThrowsAsync<SubmitRejectedException>(() => submitted);
        Assert.Empty(journal.Ids);
    }

    [Fact]
    public async Task What_the_journal_throws_the_submit_throws()
    {
        await using var cluster = FakeCluster.Start(journal: new RecordingJournal { Failure = new IOException("disk full") });

        var submitted = cluster.Client.SubmitAsync((FileTasks t) => t.Digest("/a"));
        (await cluster.NextSubmitAsync()).Accept();

        Assert.Equal("disk full", (await Assert.ThrowsAsync<IOException>(() => submitted)).Message);
    }

    private sealed class RecordingJournal : ISubmitJournal
    {
        public ConcurrentQueue<TaskId> Ids { get; } = [];

        public Exception? Failure { get; init; }

        public void OnAcknowledged(IReadOnlyList<TaskId> ids)
        {
            if (Failure is not null)
            {
                throw Failure;
            }

            foreach (var id in ids)
            {
                Ids.Enqueue(id);
            }
        }
    }
}
