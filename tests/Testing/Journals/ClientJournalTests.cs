using FaultTolerance.Testing.Journals;

namespace FaultTolerance.Testing.Tests.Journals;

public sealed class ClientJournalTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("journal-");

    private string JournalPath => Path.Join(_folder.FullName, "acknowledged");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void What_was_noted_is_in_the_file_before_the_append_returns()
    {
        var ids = new[] { TaskId.New(), TaskId.New() };
        using var journal = ClientJournal.Open(JournalPath);

        journal.Append(ids);

        Assert.Equal(ids, ClientJournal.Read(JournalPath));
    }

    [Fact]
    public void An_id_that_was_acknowledged_twice_is_noted_once()
    {
        var id = TaskId.New();
        using var journal = ClientJournal.Open(JournalPath);

        journal.Append([id, id]);
        journal.Append([id]);

        Assert.Equal(1, journal.Count);
        Assert.Equal([id], ClientJournal.Read(JournalPath));
    }

    [Fact]
    public void A_journal_goes_on_after_a_line_that_was_cut_off()
    {
        var (first, second) = (TaskId.New(), TaskId.New());
        using (var journal = ClientJournal.Open(JournalPath))
        {
            journal.Append([first]);
        }

        File.AppendAllText(JournalPath, "0123456789");

        using (var journal = ClientJournal.Open(JournalPath))
        {
            journal.Append([first, second]);
            Assert.Equal([first, second], journal.ToList());
        }

        Assert.Equal([first, second], ClientJournal.Read(JournalPath));
    }
}
