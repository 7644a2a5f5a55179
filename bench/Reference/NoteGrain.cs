using System.Data.Common;

namespace FaultTolerance.Bench.Reference;

/// <inheritdoc cref="INoteGrain"/>
internal sealed class NoteGrain([PersistentState("note", ReferenceSilo.Storage)] IPersistentState<Note> note) : Grain, INoteGrain
{
    public async Task<int> WriteAsync(int number)
    {
        note.State.Number = number;
        try
        {
            await note.WriteStateAsync();
        }
        catch (DbException exception)
        {
            throw new InvalidOperationException(exception.Message); // the driver's own cannot be sent
        }

        return number;
    }
}
