using System.Runtime.CompilerServices;

namespace FaultTolerance.Failures;

/// <inheritdoc/>
/// <remarks>It asks again and again, by small pages. Nothing in the cluster remembers the reader, so nothing is lost with a silo.</remarks>
internal sealed class FailureFeed(ClientCore core) : IFailureFeed
{
    /// <summary>How many failures are asked for beyond those that were told already.</summary>
    private const int PageSize = 100;

    public async IAsyncEnumerable<FailureNotice> ReadAsync(
        FailurePosition? after = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var cursor = after is null ? await FindEndAsync(cancellationToken) : FailureCursor.Of(after);
        while (true)
        {
            var page = await AskAsync(cursor, cancellationToken);
            RecordedIncident? waiting = null;
            foreach (var found in cursor.Untold(page))
            {
                if (!cursor.HasRoomFor(found, page.SettledAt))
                {
                    waiting = found;
                    break;
                }

                cursor = cursor.After(found, page.SettledAt);
                yield return new FailureNotice(found.Incident, cursor.ToPosition());
            }

            if (waiting is null && page.HasMore)
            {
                continue;
            }

            var told = waiting?.RecordedAt.AddTicks(-1);
            cursor = cursor.Settle(told < page.SettledAt ? told.Value : page.SettledAt);
            await core.Clock.Delay(core.Options.FailurePollInterval, cancellationToken);
        }
    }

    public Task<IncidentSnapshot?> FindAsync(string key, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        return core.Calls.RepeatAsync(
            $"The question for incident {key}", core.Options.CallTimeout, () => core.Calls.NextQuery().FindIncidentAsync(key), cancellationToken);
    }

    /// <summary>Passes over everything there is.</summary>
    private async Task<FailureCursor> FindEndAsync(CancellationToken cancellationToken)
    {
        var cursor = FailureCursor.Beginning.Settle((await AskAsync(FailureCursor.Beginning, cancellationToken)).SettledAt);
        IncidentPage page;
        do
        {
            page = await AskAsync(cursor, cancellationToken);
            cursor = cursor.Untold(page).Aggregate(cursor, (passed, found) => passed.Skip(found, page.SettledAt));
        }
        while (page.HasMore);
        return cursor;
    }

    /// <summary>Asks until there is an answer, however long the cluster is away.</summary>
    private async Task<IncidentPage> AskAsync(FailureCursor cursor, CancellationToken cancellationToken)
    {
        while (true)
        {
            core.ThrowIfStopped();
            try
            {
                return await core.Calls.RepeatAsync(
                    "The question for failures",
                    core.Options.CallTimeout,
                    () => core.Calls.NextQuery().ListIncidentsAfterAsync(cursor.At, cursor.Key, PageSize + cursor.BeyondMark.Count),
                    cancellationToken);
            }
            catch (FaultToleranceException exception) when (exception.IsRetryable)
            {
                ClientLog.FailuresNotRead(core.Logger, exception.Message);
                await core.Clock.Delay(core.Options.FailurePollInterval, cancellationToken);
            }
        }
    }
}
