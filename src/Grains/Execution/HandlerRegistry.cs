using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using FaultTolerance.Grains.Tasks;
using Microsoft.Extensions.Options;
using Orleans.Serialization;
using Orleans.Serialization.Serializers;

namespace FaultTolerance.Grains.Execution;

/// <summary>The handlers that this silo has: an allow-list, for a call names one and never a type to load.</summary>
internal sealed class HandlerRegistry
{
    private readonly FrozenDictionary<string, HandlerDescriptor> _handlers;

    public HandlerRegistry(IOptions<TaskHandlerOptions> options, Serializer serializer, ICodecProvider codecs)
    {
        var scan = new HandlerScan(serializer, codecs);
        foreach (var type in options.Value.HandlerTypes)
        {
            scan.Add(type);
        }

        _handlers = scan.Complete().ToFrozenDictionary(handler => handler.Key, StringComparer.Ordinal);
        Keys = [.. _handlers.Keys.Order(StringComparer.Ordinal)];
    }

    /// <summary>Gets the handlers' names, each as <c>name@version</c>, in ordinal order.</summary>
    public IReadOnlyList<string> Keys { get; }

    public bool TryGet(string name, int version, [NotNullWhen(true)] out HandlerDescriptor? handler) =>
        TryGet(TaskSpec.KeyOf(name, version), out handler);

    /// <param name="key">The handler as <c>name@version</c>.</param>
    /// <param name="handler">The handler, if there is one.</param>
    public bool TryGet(string key, [NotNullWhen(true)] out HandlerDescriptor? handler) => _handlers.TryGetValue(key, out handler);
}
