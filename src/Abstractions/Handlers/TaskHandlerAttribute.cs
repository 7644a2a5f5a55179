namespace FaultTolerance;

/// <summary>Marks a method as a task handler, and names it. Silos register it; clients call it by lambda.</summary>
/// <remarks>
/// The name, not the method, is what rows and messages carry, so the method may be renamed. It may stand on a class's public
/// method or on an interface's, in which case clients need the interface only. Two handlers with the same name and version
/// fail at start. Parameters of type <see cref="CancellationToken"/> and <see cref="TaskContext"/> are filled in by the node.
/// </remarks>
/// <param name="name">The name: 1 to 200 characters out of letters, digits, dot, hyphen and underscore.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class TaskHandlerAttribute(string name) : Attribute
{
    /// <summary>Gets the handler's name.</summary>
    public string Name { get; } = name;

    /// <summary>Gets or sets the version of the handler's contract. Another version is another handler.</summary>
    /// <value>The default is 1; must be 1 at least.</value>
    public int Version { get; set; } = 1;

    /// <summary>Gets or sets the exception types after which a call is tried again; derived types count too.</summary>
    /// <value>Empty by default: an exception ends the task, unless the call or the cluster lists it. The list of a call wins over this one, and this one over the cluster's.</value>
    public Type[] RetryOn { get; set; } = [];
}
