using System.Buffers.Binary;
using FaultTolerance.Grains.Tasks;

namespace FaultTolerance.Testing.Simulation;

/// <summary>The progress of a simulated task: a number that each save raises by one, whichever attempt makes it.</summary>
internal static class SimulatedProgress
{
    public const string Type = "number";

    public static byte[] Of(int number)
    {
        var progress = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(progress, number);
        return progress;
    }

    /// <summary>Reads the number that a task has come to; 0 where nothing was saved.</summary>
    public static int In(TaskLife life) => life.Progress is { } saved ? BinaryPrimitives.ReadInt32LittleEndian(saved.Value) : 0;
}
