namespace FaultTolerance.Testing.Messages;

/// <summary>A way in which a message between processes goes wrong.</summary>
public enum MessageFault
{
    /// <summary>Nothing goes wrong.</summary>
    None = 0,

    /// <summary>The request is lost: the callee never sees it, and the caller hears nothing until it gives up.</summary>
    RequestLost,

    /// <summary>The callee has done what it was asked, and the caller hears nothing until it gives up.</summary>
    ReplyLost,

    /// <summary>The request comes twice, both at about the same time. The caller hears of one.</summary>
    DeliveredTwice,

    /// <summary>The caller hears nothing until it gives up, and the request comes only after the next one of its kind has been answered.</summary>
    DeliveredLate,
}
