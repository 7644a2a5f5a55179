namespace FaultTolerance;

/// <summary>Why a submit was rejected.</summary>
public enum SubmitRejection
{
    /// <summary>The lambda cannot be read as one call of one handler.</summary>
    UnreadableCall = 1,

    /// <summary>No living silo has the handler, or not in this version.</summary>
    UnknownHandler = 2,

    /// <summary>The arguments do not fit the handler: wrong count or wrong type.</summary>
    InvalidArguments = 3,

    /// <summary>An argument's type cannot be serialized.</summary>
    NotSerializable = 4,

    /// <summary>A payload, a batch or a fan-in is larger than its limit.</summary>
    TooLarge = 5,

    /// <summary>Another call was already submitted under the same id.</summary>
    IdTaken = 6,

    /// <summary>The queue is at its limit, or the store cannot be reached. The same call may succeed later.</summary>
    Busy = 7,

    /// <summary>A submit option is out of its bounds.</summary>
    InvalidOptions = 8,

    /// <summary>The store refuses something in the call, for instance a character that its texts cannot hold.</summary>
    NotStorable = 9,

    /// <summary>A part of the message is missing, too long, or contradicts another. No client of this library sends such a call.</summary>
    Malformed = 10,

    /// <summary>Another call was already submitted under the same idempotency key.</summary>
    KeyTaken = 11,
}
