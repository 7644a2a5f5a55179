using System.Diagnostics.CodeAnalysis;
using System.Linq.Expressions;

namespace FaultTolerance.Calls;

/// <summary>Finds out whether an expression uses a parameter of the submitted lambda.</summary>
internal sealed class ParameterUse : ExpressionVisitor
{
    private readonly ParameterExpression _parameter;
    private bool _found;

    private ParameterUse(ParameterExpression parameter) => _parameter = parameter;

    public static bool In(Expression expression, ParameterExpression parameter)
    {
        var use = new ParameterUse(parameter);
        use.Visit(expression);
        return use._found;
    }

    [return: NotNullIfNotNull(nameof(node))]
    public override Expression? Visit(Expression? node)
    {
        _found = _found || node == _parameter;
        return _found ? node : base.Visit(node);
    }
}
