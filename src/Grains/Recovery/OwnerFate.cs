namespace FaultTolerance.Grains.Recovery;

/// <summary>Why an owner will not end the attempts that it owns.</summary>
internal enum OwnerFate
{
    /// <summary>Its process is proved gone.</summary>
    Crashed,

    /// <summary>It was declared dead, and is not proved gone.</summary>
    Lost,

    /// <summary>It left in order, or was about to hand its attempts over: they move at no cost.</summary>
    Left,
}
