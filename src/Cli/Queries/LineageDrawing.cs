using Spectre.Console;
using Spectre.Console.Rendering;

namespace FaultTolerance.Cli.Queries;

/// <summary>Draws lineage as a tree.</summary>
internal static class LineageDrawing
{
    public static IRenderable Draw(LineageView lineage)
    {
        var tree = new Tree(new Markup(Line(lineage.Upstream)));
        Add(tree, "takes the results of", lineage.Upstream);
        Add(tree, "gives its result to", lineage.Downstream);
        Add(tree, "has submitted", lineage.Children);
        return tree;
    }

    private static void Add(Tree tree, string title, LineageNode root)
    {
        if (root.Tasks.Count + root.Omitted > 0)
        {
            Add(tree.AddNode($"[grey]{title}[/]"), root);
        }
    }

    private static void Add(TreeNode parent, LineageNode node)
    {
        foreach (var further in node.Tasks)
        {
            Add(parent.AddNode(new Markup(Line(further))), further);
        }

        if (node.Omitted > 0)
        {
            parent.AddNode($"[grey]{Tables.Number(node.Omitted)} {(node.Tasks.Count > 0 ? "more " : "")}not shown[/]");
        }
    }

    private static string Line(LineageNode node)
    {
        var what = node.Phase is { } phase
            ? $"{node.Handler.EscapeMarkup()} {Tables.Phase(phase)}, {(node.Attempt == 1 ? "1 attempt" : $"{Tables.Number(node.Attempt)} attempts")}"
            : "[grey]not known any more[/]";
        return $"{node.Id} {what}{(node.IsRepeated ? " [grey](see above)[/]" : "")}";
    }
}
