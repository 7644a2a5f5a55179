namespace FaultTolerance.Gateways;

/// <summary>What an argument of a call consists of.</summary>
public enum ArgumentKind : byte
{
    /// <summary>A value, serialized as the parameter's declared type.</summary>
    Value = 0,

    /// <summary>The result of one task.</summary>
    Result = 1,

    /// <summary>The results of many tasks, as an array.</summary>
    Results = 2,
}
