using Microsoft.Extensions.DependencyInjection;

namespace FaultTolerance.Grains.Execution;

/// <summary>The instance whose method is called in one attempt, and the scope that its dependencies come from.</summary>
internal sealed class HandlerInstance : IAsyncDisposable
{
    private readonly AsyncServiceScope _scope;
    private readonly bool _isOurs;

    private HandlerInstance(AsyncServiceScope scope, object value, bool isOurs) => (_scope, Value, _isOurs) = (scope, value, isOurs);

    public object Value { get; }

    /// <summary>Takes the instance out of the container where its class is registered, and makes one otherwise.</summary>
    public static async ValueTask<HandlerInstance> CreateAsync(IServiceScopeFactory scopes, Type type)
    {
        var scope = scopes.CreateAsyncScope();
        try
        {
            return scope.ServiceProvider.GetService(type) is { } registered
                ? new HandlerInstance(scope, registered, isOurs: false)
                : new HandlerInstance(scope, ActivatorUtilities.CreateInstance(scope.ServiceProvider, type), isOurs: true);
        }
        catch
        {
            await scope.DisposeAsync();
            throw;
        }
    }

    /// <summary>Disposes of an instance that was made here, then of the scope. One from the container is the container's.</summary>
    public async ValueTask DisposeAsync()
    {
        await using var scope = _scope;
        if (!_isOurs)
        {
            return;
        }

        switch (Value)
        {
            case IAsyncDisposable disposable:
                await disposable.DisposeAsync();
                break;
            case IDisposable disposable:
                disposable.Dispose();
                break;
            default:
                break;
        }
    }
}
