using System.Diagnostics.CodeAnalysis;

namespace FaultTolerance;

/// <summary>Names one client's session: the mailbox to which the outcomes of its tasks are sent.</summary>
/// <param name="Value">The UUID behind the id.</param>
[GenerateSerializer, Immutable, Alias("ft.SessionId")]
public readonly record struct SessionId([property: Id(0)] Guid Value)
{
    /// <summary>Makes a new session id.</summary>
    [SuppressMessage("ApiDesign", "RS0030", Justification = "This is an id type that the ban points to.")]
    public static SessionId New() => new(Guid.CreateVersion7());

    /// <summary>Returns the id as 32 lower-case hexadecimal digits.</summary>
    public override string ToString() => Value.ToString("n");
}
