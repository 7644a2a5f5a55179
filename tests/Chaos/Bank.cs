using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Sockets;

namespace FaultTolerance.Chaos.Tests;

/// <summary>A system outside of the cluster that obeys the fencing token: from a new attempt of a task on it undoes and refuses the older ones' moves.</summary>
/// <remarks>Until it opens it keeps every transfer waiting for its second move, so that a fault finds each of them half done.</remarks>
internal sealed class Bank : IDisposable
{
    private const int Accounts = 100;

    private readonly string _path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly ConcurrentDictionary<TaskId, Transfer> _transfers = [];
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _held = [];
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _holding = new(0);
    private readonly SemaphoreSlim _refusing = new(0);

    public Bank()
    {
        _listener.Bind(new UnixDomainSocketEndPoint(_path));
        _listener.Listen(1_000);
        AcceptAsync().Ignore();
    }

    public string Door => _path;

    /// <summary>Waits until a transfer of a node is half done.</summary>
    public Task UntilHeldAsync(string node, CancellationToken cancellationToken) => Held(node).Task.WaitAsync(cancellationToken);

    /// <summary>Waits until so many transfers are half done, all at once.</summary>
    public async Task UntilHeldAsync(int transfers, CancellationToken cancellationToken)
    {
        for (var held = 0; held < transfers; held++)
        {
            await _holding.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Waits until so many requests were refused because a later attempt had come.</summary>
    public async Task UntilRefusedAsync(int requests, CancellationToken cancellationToken)
    {
        for (var refused = 0; refused < requests; refused++)
        {
            await _refusing.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Lets every transfer go on.</summary>
    public void Open() => _opened.TrySetResult();

    /// <summary>Submits transfers, each of another amount.</summary>
    public async Task<IReadOnlyList<ObjectRef<int>>> SubmitAsync(IFaultToleranceClient client, int count)
    {
        var door = Door;
        return await client.SubmitManyAsync(
            (Handlers.BankTasks t, int i) => t.Transfer(door, i % Accounts, (i + 1) % Accounts, i, default!), Enumerable.Range(1, count));
    }

    /// <summary>Fails unless each of the transfers was done once and as a whole.</summary>
    public void AssertDoneOnce(IReadOnlyList<ObjectRef<int>> transfers)
    {
        foreach (var (task, i) in transfers.Select((task, i) => (task, i + 1)))
        {
            Assert.Equal([(i % Accounts, -i), ((i + 1) % Accounts, i)], _transfers[task.TaskId].Moves);
        }
    }

    public void Dispose()
    {
        Open();
        _listener.Dispose();
        _holding.Dispose();
        _refusing.Dispose();
        File.Delete(_path);
    }

    private TaskCompletionSource Held(string node) => _held.GetOrAdd(node, _ => new(TaskCreationOptions.RunContinuationsAsynchronously));

    private async Task AcceptAsync()
    {
        while (true)
        {
            ServeAsync(await _listener.AcceptAsync()).Ignore();
        }
    }

    private async Task ServeAsync(Socket client)
    {
        await using var stream = new NetworkStream(client, ownsSocket: true);
        using var reader = new StreamReader(stream);
        await using var writer = new StreamWriter(stream) { AutoFlush = true };
        var open = (await reader.ReadLineAsync())!.Split(' ');
        var transfer = _transfers.GetOrAdd(TaskId.Parse(open[1]), _ => new Transfer());
        var token = long.Parse(open[2], CultureInfo.InvariantCulture);
        await AnswerAsync(transfer.TryOpen(token));
        await AnswerAsync(TryMove(await reader.ReadLineAsync()));
        var last = await reader.ReadLineAsync();
        Held(open[3]).TrySetResult();
        _holding.Release();
        await _opened.Task;
        await AnswerAsync(TryMove(last));

        bool TryMove(string? request)
        {
            var move = request!.Split(' ').Skip(1).Select(number => int.Parse(number, CultureInfo.InvariantCulture)).ToArray();
            return transfer.TryMove(token, (move[0], move[1]));
        }

        async Task AnswerAsync(bool isDone)
        {
            if (!isDone)
            {
                _refusing.Release();
            }

            await writer.WriteLineAsync(isDone ? "done" : "refused");
        }
    }

    private sealed class Transfer
    {
        private readonly Lock _lock = new();
        private readonly List<(int Account, int Amount)> _moves = [];
        private long _token;

        public IReadOnlyList<(int Account, int Amount)> Moves
        {
            get
            {
                lock (_lock)
                {
                    return [.. _moves];
                }
            }
        }

        public bool TryOpen(long token)
        {
            lock (_lock)
            {
                if (token <= _token)
                {
                    return false;
                }

                _token = token;
                _moves.Clear();
                return true;
            }
        }

        public bool TryMove(long token, (int Account, int Amount) move)
        {
            lock (_lock)
            {
                if (token == _token)
                {
                    _moves.Add(move);
                }

                return token == _token;
            }
        }
    }
}
