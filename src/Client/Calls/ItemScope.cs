using System.Linq.Expressions;

namespace FaultTolerance.Calls;

/// <summary>What the arguments of one lambda over items share.</summary>
internal sealed record ItemScope(CallPlan Plan, ParameterExpression Item, int? ItemCount, int MaxFanIn)
{
    // Measured: machine code costs about as much to make as some hundred evaluations by the interpreter.
    private const int FewItems = 200;

    /// <summary>Makes a delegate of an expression over the item.</summary>
    public Func<TItem, TValue> Compile<TItem, TValue>(Expression expression)
    {
        var body = expression.Type == typeof(TValue) ? expression : Expression.Convert(expression, typeof(TValue));
        var interpreted = ItemCount is <= FewItems && !ExpressionValues.Spans.In(body);
        return Expression.Lambda<Func<TItem, TValue>>(body, Item).Compile(interpreted);
    }
}
