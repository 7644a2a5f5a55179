namespace FaultTolerance.Testing.Networks;

/// <summary>Which of a node's packets a network fault takes.</summary>
public enum NetworkDirection
{
    /// <summary>Those that it sends and those that are sent to it.</summary>
    Both,

    /// <summary>Those that are sent to it: it is heard and hears nothing.</summary>
    In,

    /// <summary>Those that it sends: it hears and is not heard.</summary>
    Out,
}
