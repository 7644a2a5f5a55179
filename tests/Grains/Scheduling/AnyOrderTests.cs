using FaultTolerance.Grains.Scheduling;
using FaultTolerance.Grains.Tasks;
using FaultTolerance.Storage.Tasks;

namespace FaultTolerance.Grains.Tests.Scheduling;

/// <summary>Thousands of random histories: whatever comes in whatever order, these hold after every event.</summary>
public sealed class AnyOrderTests
{
    private const int Events = 400;

    [Fact]
    public void The_next_tick_is_never_asked_for_at_a_time_that_has_passed()
    {
        // Otherwise ticks without effects would follow each other as fast as the processor can.
        Run((node, _) => Assert.False(node.NextTick <= TimeSpan.Zero, $"At {node.Now:O} a tick was wanted {node.NextTick} later."));
    }

    [Fact]
    public void Ticks_alone_come_to_rest()
    {
        Run((node, step) =>
        {
            for (var tick = 0; step % 50 == 0 && tick < 100 && node.NextTick is { } wait; tick++)
            {
                node.AfterAWhile(wait);
                Assert.False(node.Wanted.Count == 0 && node.NextTick <= TimeSpan.Zero);
            }
        });
    }

    [Fact]
    public void Slots_are_never_exceeded_and_no_attempt_starts_twice()
    {
        HashSet<(TaskId, int)> started = [];
        HashSet<(TaskId, int)> inSlots = [];
        Run((node, step) =>
        {
            if (step == 0)
            {
                (started, inSlots) = ([], []);
            }

            foreach (var ended in node.Ended)
            {
                inSlots.Remove(ended);
            }

            foreach (var start in node.Wanted.OfType<StartAttempt>())
            {
                Assert.True(started.Add((start.Task.Id, start.Task.Attempt)), $"{start.Task.Id}, attempt {start.Task.Attempt}, was started twice.");
                inSlots.Add((start.Task.Id, start.Task.Attempt));
            }

            Assert.True(inSlots.Count <= node.Options.Slots, $"{inSlots.Count} handlers hold {node.Options.Slots} slots.");
        });
    }

    [Fact]
    public void Whoever_saves_progress_is_answered_once()
    {
        Run((node, step) =>
        {
            if (step == Events - 1)
            {
                node.ComeToRest();
                Assert.Equal(Enumerable.Range(1, (int)node.LastTicket).Select(ticket => (long)ticket), node.Answered.Order());
            }
        });
    }

    [Fact]
    public void The_same_events_and_the_same_seed_make_the_same_effects()
    {
        static List<string> Trace(int seed)
        {
            var trace = new List<string>();
            Run((node, _) => trace.AddRange(node.Wanted.Select(effect => effect.GetType().Name + NodeUnderTest.OperationOf(effect))), seed, seed + 1);
            return trace;
        }

        Assert.Equal(Trace(3), Trace(3));
        Assert.NotEqual(Trace(3), Trace(4));
    }

    private static void Run(Action<RandomNode, int> check, int from = 0, int to = 300)
    {
        for (var seed = from; seed < to; seed++)
        {
            var node = new RandomNode(seed);
            for (var step = 0; step < Events; step++)
            {
                node.Step();
                check(node, step);
            }
        }
    }

    /// <summary>A node to which anything happens that may: calls, answers, failures, ends, time, a step of the store's clock, loss and return of the lease.</summary>
    private sealed class RandomNode
    {
        private readonly Random _random;
        private readonly NodeUnderTest _node;
        private readonly Dictionary<(TaskId Id, int Attempt), TaskState> _running = [];
        private readonly List<(TaskId, int)> _stuck = [];
        private int _lastTask;

        public RandomNode(int seed)
        {
            _random = new Random(seed);
            _node = new NodeUnderTest(options => (options.Slots, options.PrefetchFactor) = (_random.Next(1, 4), _random.Next(0, 3)), seed);
        }

        public TimeSpan? NextTick => _node.NextTick;

        public TaskPipelineOptions Options => _node.Options;

        public DateTimeOffset Now => _node.Now;

        public IReadOnlyList<PipelineEffect> Wanted => _node.Wanted;

        /// <summary>How many saves of progress were asked for.</summary>
        public long LastTicket { get; private set; }

        /// <summary>Those that were answered.</summary>
        public List<long> Answered { get; } = [];

        /// <summary>The handlers that have really ended with the last event.</summary>
        public List<(TaskId, int)> Ended { get; } = [];

        public void AfterAWhile(TimeSpan time) => Note(_node.AfterAWhile(time));

        /// <summary>The lease is held, and the store answers whatever it is asked, for as long as somebody waits to hear of a save.</summary>
        public void ComeToRest()
        {
            Note(_node.When(new LeaseChanged(true)));
            for (var turn = 0; turn < 500 && Answered.Count < LastTicket; turn++)
            {
                Note(_node.Open.Count > 0
                    ? _node.Answer(_node.Open[0], Answer(_node.Open[0], NodeUnderTest.OperationOf(_node.Open[0])!.Value))
                    : _node.AfterAWhile(TimeSpan.FromSeconds(1)));
            }
        }

        public void Step()
        {
            Ended.Clear();
            _node.Sleeps(TimeSpan.FromMilliseconds(_random.Next(0, 400)));
            Note(_random.Next(20) switch
            {
                < 4 => _node.Submits([.. Enumerable.Range(0, _random.Next(1, 4)).Select(_ => Call())]),
                < 10 when _node.Open.Count > 0 => AnswerOne(),
                < 13 when _running.Count > 0 => EndOne(),
                < 15 when _running.Count > 0 => SaveOne(),
                15 when _stuck.Count > 0 => FreeOne(),
                16 => _node.When(new LeaseChanged(_random.Next(3) > 0, _random.Next(2) == 0 ? _node.Monotonic + TimeSpan.FromMilliseconds(_random.Next(-100, 2_000)) : null)),
                17 when _running.Count > 0 => _node.When(new AttemptVoided(_running.First().Key.Id, _running.First().Key.Attempt)),
                18 when _random.Next(100) == 0 => _node.When(new DrainStarted()),
                18 => _node.When(new QueueHinted()),
                _ when _random.Next(20) == 0 => _node.StoreClockSteps(TimeSpan.FromSeconds(_random.Next(-60, 60))),
                _ => _node.When(new Ticked()),
            });
        }

        private void Note(NodeUnderTest node)
        {
            Answered.AddRange(node.Wanted.OfType<AnswerProgress>().SelectMany(answer => answer.Tickets));
            foreach (var start in node.Wanted.OfType<StartAttempt>())
            {
                _running.Add((start.Task.Id, start.Task.Attempt), start.Task);
            }
        }

        private NewTask Call() => _node.Call(++_lastTask, TimeSpan.FromMilliseconds(_random.Next(3) == 0 ? _random.Next(2_000) : 0), null, _random.Next(4) == 0 ? [1] : []);

        private NodeUnderTest AnswerOne()
        {
            var asked = _node.Open[_random.Next(_node.Open.Count)];
            var operation = NodeUnderTest.OperationOf(asked)!.Value;
            var answer = _random.Next(4) == 0 ? new OperationFailed(operation, NodeUnderTest.StoreIsAway) : Answer(asked, operation);
            return _node.Answer(asked, answer);
        }

        private PipelineEvent Answer(PipelineEffect asked, long operation) => asked switch
        {
            InsertTasks e => new TasksInserted(operation, [.. e.Tasks.Select(_ => _random.Next(8) == 0 ? TaskWriteResult.Conflict : TaskWriteResult.Applied)]),
            ClaimTasks e => new TasksClaimed(operation, [.. Enumerable.Range(0, _random.Next(0, e.Limit + 1)).Select(_ => _node.Claimed(++_lastTask, 1, _random.Next(10) == 0 ? 2 : 0))]),
            ListOwned => new TasksClaimed(operation, [.. _running.Values.Take(2), .. Enumerable.Range(0, _random.Next(0, 3)).Select(_ => _node.Claimed(++_lastTask))]),
            CommitTasks e => new TasksCommitted(operation, [.. e.Commits.Select(_ => _random.Next(8) > 0)]),
            LookAtDependencies e => new DependentsFound(operation, e.Dependents),
            ResolveEdges e => new DependentsFound(operation, [.. e.Ended.Take(1)]),
            WakeTasks e => new TasksWoken(operation, [.. e.Dependents.Take(1)]),
            _ => throw new InvalidOperationException(asked.ToString()),
        };

        /// <summary>A handler saves progress, and may end in the same turn.</summary>
        private NodeUnderTest SaveOne()
        {
            var ((id, attempt), _) = _running.ElementAt(_random.Next(_running.Count));
            var saves = Enumerable.Range(0, _random.Next(1, 3)).Select(_ => new ProgressReported(id, attempt, ++LastTicket, [1], "byte")).ToList();
            return _node.When([.. saves, .. _random.Next(3) == 0 ? [EndOf((id, attempt))] : Array.Empty<PipelineEvent>()]);
        }

        private NodeUnderTest EndOne() => _node.When(EndOf(_running.Keys.ElementAt(_random.Next(_running.Count))));

        private AttemptEnded EndOf((TaskId Id, int Attempt) key)
        {
            _running.Remove(key);
            var keepsSlot = _random.Next(8) == 0;
            (keepsSlot ? _stuck : Ended).Add(key);
            AttemptEvent end = _random.Next(3) switch
            {
                0 => new AttemptSucceeded(key.Attempt, NodeUnderTest.Incarnation, NodeUnderTest.Name, _node.Now),
                1 => new AttemptReleased(key.Attempt, NodeUnderTest.Incarnation, NodeUnderTest.Name, null),
                _ => new AttemptFailed(key.Attempt, NodeUnderTest.Incarnation, NodeUnderTest.Name, _node.Now, new TaskFailure { Kind = FailureKind.Timeout, Message = "" }, true),
            };
            return new AttemptEnded(key.Id, end, null, keepsSlot);
        }

        private NodeUnderTest FreeOne()
        {
            var (id, attempt) = _stuck[0];
            _stuck.RemoveAt(0);
            Ended.Add((id, attempt));
            return _node.When(new SlotFreed(id, attempt));
        }
    }
}
