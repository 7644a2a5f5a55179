using FaultTolerance.Storage.Tasks;

namespace FaultTolerance.Storage.Conformance;

/// <summary>Payloads in the row and beside it.</summary>
public abstract class TaskPayloadsConformance : EngineConformance
{
    private const int InlineLimit = 64 * 1024;

    public static TheoryData<int> Lengths =>
        [0, 1, InlineLimit, InlineLimit + 1, PayloadReference.PartLength, PayloadReference.PartLength + 1, 4 << 20];

    [Theory]
    [MemberData(nameof(Lengths))]
    public async Task A_specification_of_any_length_is_read_back_whole(int length)
    {
        var payload = Bytes(length);
        var insert = NewTask();
        var (stored, parts) = PayloadReference.Store(payload, insert.Token, InlineLimit);
        await StoreAsync(insert with { Row = insert.Row with { Spec = stored }, Parts = parts });

        Assert.Equal(payload, await LoadAsync(insert.Id, (await ReadAsync(insert.Id)).Spec));
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public async Task A_result_of_any_length_is_read_back_whole(int length)
    {
        var payload = Bytes(length);
        var row = Assert.Single(await StoreAsync(NewTask(TaskPhase.Running, owner: Node1)));
        var update = Finish(row);
        var (stored, parts) = PayloadReference.Store(payload, update.Token, InlineLimit);

        Assert.Equal(TaskWriteResult.Applied, await WriteAsync(update with { Result = stored, Parts = parts }));

        Assert.Equal(payload, await LoadAsync(row.Id, (await ReadAsync(row.Id)).Result!));
    }

    [Fact]
    public async Task An_empty_result_is_not_no_result()
    {
        var row = Assert.Single(await StoreAsync(NewTask(TaskPhase.Running, owner: Node1)));

        await WriteAsync(Finish(row) with { Result = [] });

        Assert.Equal(Array.Empty<byte>(), (await ReadAsync(row.Id)).Result);
    }

    [Fact]
    public async Task A_task_keeps_the_parts_of_its_specification_beside_those_of_its_result()
    {
        var insert = NewTask(TaskPhase.Running, owner: Node1) with { Parts = [Bytes(10), Bytes(20)] };
        await StoreAsync(insert);
        var update = Finish(insert.Row) with { Parts = [Bytes(30)] };
        await WriteAsync(update);

        Assert.Equal(Bytes(10).Concat(Bytes(20)), await PartsAsync(insert.Id, insert.Token));
        Assert.Equal(Bytes(30), await PartsAsync(insert.Id, update.Token));
    }

    [Fact]
    public async Task Many_parts_are_joined_in_their_order()
    {
        var parts = Enumerable.Range(0, 300).Select(i => BitConverter.GetBytes(i)).ToArray();
        var insert = NewTask() with { Parts = parts };

        await StoreAsync(insert);

        Assert.Equal(parts.SelectMany(part => part), await PartsAsync(insert.Id, insert.Token));
    }

    [Fact]
    public async Task Parts_that_nobody_stored_are_not_there()
    {
        var insert = NewTask() with { Parts = [[1]] };
        await StoreAsync(insert);

        Assert.Null(await PartsAsync(insert.Id, NewToken()));
        Assert.Null(await PartsAsync(TaskId.New(), insert.Token));
    }

    [Fact]
    public async Task A_batch_may_hold_many_large_payloads()
    {
        TaskInsert[] inserts = [.. Enumerable.Range(1, 20).Select(i => NewTask() with { Parts = [Bytes(100_000 + i), Bytes(i)] })];

        await StoreAsync(inserts);

        foreach (var insert in inserts)
        {
            Assert.Equal(insert.Parts.SelectMany(part => part), await PartsAsync(insert.Id, insert.Token));
        }
    }

    private Task<byte[]?> PartsAsync(TaskId id, long token) => Engine.ReadPartsAsync(id, token, CancellationToken.None);

    private async Task<byte[]> LoadAsync(TaskId id, byte[] stored)
    {
        if (PayloadReference.TryReadInline(stored, out var payload, out var reference))
        {
            Assert.InRange(payload.Length, 0, InlineLimit);
            return payload.ToArray();
        }

        var parts = await PartsAsync(id, reference.Token);
        Assert.NotNull(parts);
        Assert.True(reference.Matches(parts));
        return parts;
    }

    private static byte[] Bytes(int length)
    {
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        return bytes;
    }
}
