namespace FaultTolerance.Grains.Execution;

/// <summary>One parameter of a handler.</summary>
/// <param name="Name">Its name, for messages.</param>
/// <param name="Type">Its declared type.</param>
internal sealed record HandlerParameter(string Name, Type Type)
{
    /// <summary>Reads values of the declared type; null for a parameter that the node fills in.</summary>
    public PayloadCodec? Codec { get; init; }

    /// <summary>Reads the results of many tasks, where the declared type is one that an array fits; null where it is not.</summary>
    public PayloadCodec? ElementCodec { get; init; }

    public bool IsFilledByNode => Codec is null;
}
