using System.Buffers.Binary;
using FaultTolerance.Storage.Tasks;

namespace FaultTolerance.Testing.Simulation;

/// <summary>The result of a simulated handler: which attempt made it.</summary>
internal static class SimulatedResult
{
    public static byte[] Of(int attempt)
    {
        var result = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(result, attempt);
        return result;
    }

    /// <summary>Reads a result as it stands in a row.</summary>
    public static int AttemptOf(byte[] stored) =>
        PayloadReference.TryReadInline(stored, out var result, out _) ? BinaryPrimitives.ReadInt32LittleEndian(result.Span) : -1;
}
