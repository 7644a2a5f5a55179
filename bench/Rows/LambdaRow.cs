using System.Diagnostics;
using System.Linq.Expressions;
using FaultTolerance.Bench.Handlers;
using FaultTolerance.Bench.Measuring;
using FaultTolerance.Calls;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;

namespace FaultTolerance.Bench.Rows;

/// <summary>Reading the lambda of a submit: the tree, the captured value, the handler's plan, the serialized argument. Nothing is sent.</summary>
internal sealed class LambdaRow : BenchRow
{
    private const int CallsForEachLone = 100;

    private CallReader _reader = null!;

    public override string Name => "lambda";

    public override string Title => "reading a lambda, its making by the compiler's code included";

    public override string Unit => "µs";

    public override Task StartAsync(BenchLab lab, CancellationToken cancellationToken)
    {
        var services = new ServiceCollection().AddSerializer().BuildServiceProvider();
        _reader = new CallReader(new CallPlans(services.GetRequiredService<Serializer>()), maxPayload: 4_000_000, maxFanIn: 1_000);
        return Task.CompletedTask;
    }

    public override Task<Sample> MeasureAsync(RoundSize size)
    {
        var count = size.Lone * CallsForEachLone;
        var before = ProcessorTime.Read([]);
        var started = Stopwatch.GetTimestamp();
        for (var number = 0; number < count; number++)
        {
            Read(number);
        }

        var each = Stopwatch.GetElapsedTime(started).TotalMicroseconds / count;
        return Task.FromResult(new Sample(each, (ProcessorTime.Read([]) - before) / count));
    }

    private void Read(int number)
    {
        Expression<Func<BenchTasks, int>> call = t => t.Echo(number);
        if (_reader.Read(call).Arguments.Count != 1)
        {
            throw new BenchException("A lambda was read wrongly.");
        }
    }
}
