namespace FaultTolerance.Cli.Live;

/// <summary>Something that happened in a run.</summary>
/// <param name="At">When, since the start of the run.</param>
/// <param name="Kind">What kind of thing it is: it decides the colour.</param>
/// <param name="Text">What happened, in a sentence.</param>
internal readonly record struct TimelineEntry(TimeSpan At, TimelineKind Kind, string Text);
