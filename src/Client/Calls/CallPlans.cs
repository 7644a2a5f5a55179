using System.Collections.Concurrent;
using System.Reflection;
using Orleans.Serialization;

namespace FaultTolerance.Calls;

/// <summary>Keeps the plans of all methods that were called.</summary>
internal sealed class CallPlans(Serializer serializer)
{
    private readonly ConcurrentDictionary<(Type HandlerType, MethodInfo Method), CallPlan> _plans = new();

    /// <exception cref="SubmitRejectedException">The method is no handler, or cannot be one.</exception>
    public CallPlan Of(Type handlerType, MethodInfo method) =>
        _plans.TryGetValue((handlerType, method), out var plan) ? plan : _plans.GetOrAdd((handlerType, method), Make);

    private CallPlan Make((Type HandlerType, MethodInfo Method) key)
    {
        var (handlerType, method) = key;
        var attribute = HandlerAttribute.Find(handlerType, method) ?? throw CallRejections.NoAttribute(handlerType, method);
        if (method.IsGenericMethod)
        {
            throw CallRejections.GenericHandler(handlerType, method);
        }

        foreach (var parameter in method.GetParameters())
        {
            if (parameter.ParameterType is { IsByRef: true } or { IsByRefLike: true } or { IsPointer: true })
            {
                throw CallRejections.UnsendableParameter(handlerType, method, parameter);
            }
        }

        return new CallPlan(
            attribute, method, handlerType, [.. method.GetParameters().Select(parameter => new HandlerParameter(parameter, serializer))]);
    }
}
