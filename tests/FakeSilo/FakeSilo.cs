using System.Globalization;
using System.Text.Json;

namespace FaultTolerance.FakeSilo;

/// <summary>Keeps the promises of a silo's process and does one odd thing besides.</summary>
internal sealed class FakeSilo(TextWriter output, TextWriter log, Stream input) : IDisposable
{
    private FileStream? _held;

    public void Dispose() => _held?.Dispose();

    public async Task<int> RunAsync(string[] arguments)
    {
        var (task, value) = (arguments.ElementAtOrDefault(0), arguments.ElementAtOrDefault(1) ?? "");
        switch (task)
        {
            case "fail":
                log.WriteLine(value);
                return 7;
            case "hold": // its end is seen by whoever reads the pipe
                _held = new FileStream(value, FileMode.Open, FileAccess.Write);
                break;
            case "tell":
                output.WriteLine(value);
                break;
            case "show":
                Tell("shown", new { value = Environment.GetEnvironmentVariable(value) });
                break;
            default:
                break;
        }

        Tell("ready", new { pid = Environment.ProcessId });
        await input.CopyToAsync(Stream.Null);
        if (task == "ignore")
        {
            Tell("ignored", new { what = "the end of input" });
            await new TaskCompletionSource().Task; // until it is killed
        }

        log.WriteLine("left in order");
        return 0;
    }

    private void Tell(string name, object fields)
    {
        var told = JsonSerializer.SerializeToNode(fields)!.AsObject();
        told.Insert(0, "event", name);
        output.WriteLine(told.ToJsonString());
    }
}
