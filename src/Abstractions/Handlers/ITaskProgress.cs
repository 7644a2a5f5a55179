using System.Diagnostics.CodeAnalysis;

namespace FaultTolerance;

/// <summary>Keeps how far a task has come, and hears that its attempt is alive. The node fills it in; a test of a handler brings its own.</summary>
public interface ITaskProgress
{
    /// <summary>Says that the attempt is alive. Cheap: it writes nothing, and tells nobody.</summary>
    /// <remarks>An attempt that gives no sign of life for longer than its <see cref="SubmitOptions.HeartbeatTimeout"/> is cancelled.</remarks>
    void Heartbeat();

    /// <summary>Saves how far the task has come, in the place of what was saved before. On return it is durable; it also says that the attempt is alive.</summary>
    /// <remarks>
    /// It may be called after the attempt's token has fired, to save what was done until then. While the store is away the save waits for
    /// it. The progress is kept over every end of an attempt, and removed when the task is final.
    /// </remarks>
    /// <typeparam name="T">The type of the progress: serializable like an argument, and the same for who reads it.</typeparam>
    /// <param name="progress">How far the task has come.</param>
    /// <param name="cancellationToken">Gives up the wait, not the save.</param>
    /// <exception cref="ProgressTooLargeException">The progress takes more bytes than the silo allows. Nothing was changed.</exception>
    /// <exception cref="ProgressTypeException">The type cannot be serialized. Nothing was changed.</exception>
    /// <exception cref="AttemptOverException">The attempt is not its task's present one any more: nothing it saves counts.</exception>
    Task SaveAsync<T>(T progress, CancellationToken cancellationToken = default);

    /// <summary>Returns what this attempt, or an earlier one, saved last.</summary>
    /// <typeparam name="T">The type that it was saved as.</typeparam>
    /// <param name="progress">The progress.</param>
    /// <returns>False when nothing was saved yet.</returns>
    /// <exception cref="ProgressTypeException">It was saved as another type, or its bytes cannot be read as this one.</exception>
    bool TryGet<T>([MaybeNullWhen(false)] out T progress);
}
