using FaultTolerance.Storage.Engines;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Orleans.Messaging;
using Orleans.Runtime.Membership;

namespace FaultTolerance.Storage.PostgreSql;

/// <summary>Orleans' own list of gateways, for a client that may come before the first silo has made the tables.</summary>
internal sealed class PostgresGatewayList(IServiceProvider services, OrleansTables tables) : IGatewayListProvider
{
    private readonly AdoNetGatewayListProvider _list = ActivatorUtilities.CreateInstance<AdoNetGatewayListProvider>(services);
    private bool _isReady;

    public TimeSpan MaxStaleness => _list.MaxStaleness;

    public bool IsUpdatable => true;

    public async Task InitializeGatewayListProvider() => await TryInitializeAsync();

    // No gateway, where there are no tables yet: Orleans then says that no silo is there, and asks the client's retry filter.
    public async Task<IList<Uri>> GetGateways() => await TryInitializeAsync() ? await ToldPlainlyAsync(_list.GetGateways) : [];

    private async Task<bool> TryInitializeAsync()
    {
        if (_isReady)
        {
            return true;
        }

        try
        {
            await ToldPlainlyAsync(async () =>
            {
                await _list.InitializeGatewayListProvider();
                return true;
            });
            return _isReady = true;
        }
        catch (StoreException exception) when (exception.InnerException is PostgresException { SqlState: PostgresErrorCodes.UndefinedTable })
        {
            return false;
        }
    }

    private async Task<T> ToldPlainlyAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception exception) when (PostgresErrors.IsOurs(exception))
        {
            throw PostgresErrors.Translate(exception, tables.Place, wasSent: false);
        }
    }
}
