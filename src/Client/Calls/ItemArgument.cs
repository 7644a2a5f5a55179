using System.Collections;
using System.Linq.Expressions;
using FaultTolerance.Gateways;

namespace FaultTolerance.Calls;

/// <summary>Makes one argument of the call for an item.</summary>
internal abstract class ItemArgument<TItem>
{
    public abstract TaskArgument Read(TItem item);

    public static ItemArgument<TItem> Create(ItemScope scope, HandlerParameter parameter, Expression expression)
    {
        if (!ParameterUse.In(expression, scope.Item))
        {
            return new SharedArgument<TItem>(ArgumentReader.Read(scope.Plan, parameter, expression, scope.MaxFanIn));
        }

        if (RefPatterns.IsResult(expression, out var reference))
        {
            ArgumentReader.CheckResult(scope.Plan, parameter, expression, reference);
            return new ResultArgument<TItem>(scope, parameter, scope.Compile<TItem, IObjectRef>(reference));
        }

        if (RefPatterns.IsResults(expression, out var references))
        {
            ArgumentReader.CheckResults(scope.Plan, parameter, expression, references);
            return new ResultsArgument<TItem>(scope, parameter, scope.Compile<TItem, IEnumerable?>(references));
        }

        ArgumentReader.CheckValue(scope.Plan, parameter, expression);
        return expression == scope.Item && typeof(TItem) == parameter.Type
            ? new ItemItself<TItem>(scope, parameter)
            : (ItemArgument<TItem>)Activator.CreateInstance(
                typeof(ValueArgument<,>).MakeGenericType(typeof(TItem), parameter.Type), scope, parameter, expression)!;
    }
}

/// <summary>The same for every item: read once, and sent once a message.</summary>
internal sealed class SharedArgument<TItem>(TaskArgument argument) : ItemArgument<TItem>
{
    public override TaskArgument Read(TItem item) => argument;
}

/// <summary>The item as it is.</summary>
internal sealed class ItemItself<TItem>(ItemScope scope, HandlerParameter parameter) : ItemArgument<TItem>
{
    private readonly ArgumentWriter<TItem> _writer = (ArgumentWriter<TItem>)parameter.Writer!;

    public override TaskArgument Read(TItem item)
    {
        try
        {
            return new TaskArgument { Value = _writer.WriteTyped(item) };
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            throw CallRejections.NotSerialized(scope.Plan, parameter, item?.GetType() ?? parameter.Type, exception);
        }
    }
}

/// <summary>A value made of the item.</summary>
internal sealed class ValueArgument<TItem, TValue>(ItemScope scope, HandlerParameter parameter, Expression expression) : ItemArgument<TItem>
{
    private readonly Func<TItem, TValue> _value = scope.Compile<TItem, TValue>(expression);
    private readonly ItemArgument<TValue> _argument = new ItemItself<TValue>(scope, parameter);

    public override TaskArgument Read(TItem item) => _argument.Read(_value(item));
}

/// <summary>The result of a reference that the item is or holds.</summary>
internal sealed class ResultArgument<TItem>(ItemScope scope, HandlerParameter parameter, Func<TItem, IObjectRef> reference) : ItemArgument<TItem>
{
    public override TaskArgument Read(TItem item) => ArgumentReader.OfResult(scope.Plan, parameter, reference(item));
}

/// <summary>The results of the references that the item is or holds.</summary>
internal sealed class ResultsArgument<TItem>(ItemScope scope, HandlerParameter parameter, Func<TItem, IEnumerable?> references) : ItemArgument<TItem>
{
    public override TaskArgument Read(TItem item) => ArgumentReader.OfResults(scope.Plan, parameter, references(item), scope.MaxFanIn);
}
