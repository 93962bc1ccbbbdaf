"""Small faults put into a model answer, one at a time: what a checker must reject."""

import ast
import copy
from collections.abc import Iterator

BINARY = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.FloorDiv,
    ast.Pow: ast.Mult,
    ast.MatMult: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}
COMPARISONS = {
    ast.Lt: (ast.LtE, ast.Gt),
    ast.LtE: (ast.Lt, ast.GtE),
    ast.Gt: (ast.GtE, ast.Lt),
    ast.GtE: (ast.Gt, ast.LtE),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
NAMES = [  # exchanged in both directions, as `np.exp` or bare
    ("exp", "log"),
    ("log1p", "log"),
    ("sum", "mean"),
    ("cumsum", "cumprod"),
    ("max", "min"),
    ("maximum", "minimum"),
    ("argmax", "argmin"),
    ("sqrt", "square"),
    ("floor", "ceil"),
    ("cos", "sin"),
    ("zeros", "ones"),
    ("zeros_like", "ones_like"),
    ("tril", "triu"),
    ("softplus", "sigmoid"),
    ("any", "all"),
    ("var", "std"),
    ("append", "extend"),
]
SWAPS = {a: b for pair in NAMES for a, b in (pair, pair[::-1])}


def mutate(source: str) -> Iterator[tuple[str, ast.Module]]:
    """Yields (description, tree) for each mutant of `source`: `a + b -> a - b`, or with a number
    if it occurs repeatedly.
    """
    tree = ast.parse(source)
    seen: dict[str, int] = {}
    for position, node in enumerate(ast.walk(tree)):
        for changed in _changes(node):
            before, after = (
                ast.unparse(node).splitlines()[0],
                ast.unparse(changed).splitlines()[0] if changed else "(removed)",
            )
            description = f"{before} -> {after}"
            seen[description] = seen.get(description, 0) + 1
            if seen[description] > 1:
                description += f" ({seen[description]})"
            mutant = copy.deepcopy(tree)
            target = list(ast.walk(mutant))[position]
            _Replace(target, changed).visit(mutant)
            yield description, ast.fix_missing_locations(mutant)


class _Replace(ast.NodeTransformer):
    def __init__(self, target, changed):
        self.target, self.changed = target, changed

    def visit(self, node):
        return (self.changed or ast.Pass()) if node is self.target else self.generic_visit(node)


def _changes(node) -> Iterator[ast.AST | None]:
    new = copy.deepcopy(node)
    if isinstance(node, ast.BinOp) and type(node.op) in BINARY:
        new.op = BINARY[type(node.op)]()
        yield new
        if isinstance(node.op, (ast.Sub, ast.Div)):
            yield ast.BinOp(left=node.right, op=node.op, right=node.left)
        for side in (node.left, node.right):
            if isinstance(node.op, (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Pow)):
                yield side
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.USub, ast.Not, ast.Invert)):
        yield node.operand
    elif isinstance(node, ast.Compare) and len(node.ops) == 1:
        for operator in COMPARISONS.get(type(node.ops[0]), ()):
            yield ast.Compare(left=node.left, ops=[operator()], comparators=node.comparators)
    elif isinstance(node, ast.BoolOp):
        yield ast.BoolOp(
            op=ast.Or() if isinstance(node.op, ast.And) else ast.And(), values=node.values
        )
        yield from node.values
    elif isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield ast.Constant(not node.value)
    elif isinstance(node, ast.Constant) and isinstance(node.value, (int, float)):
        yield from (
            ast.Constant(value)
            for value in sorted({node.value + 1, node.value - 1, -node.value} - {node.value})
        )
    elif isinstance(node, ast.IfExp):
        yield node.body
        yield node.orelse
    elif isinstance(node, ast.If):
        yield ast.If(
            test=ast.UnaryOp(op=ast.Not(), operand=node.test), body=node.body, orelse=node.orelse
        )
    elif isinstance(node, ast.Call):
        for index, keyword in enumerate(node.keywords):
            if keyword.arg:
                yield ast.Call(
                    func=node.func,
                    args=node.args,
                    keywords=node.keywords[:index] + node.keywords[index + 1 :],
                )
        if len(node.args) == 2 and not any(
            isinstance(argument, ast.Starred) for argument in node.args
        ):
            yield ast.Call(func=node.func, args=node.args[::-1], keywords=node.keywords)
    elif isinstance(node, ast.Attribute) and node.attr in SWAPS:
        yield ast.Attribute(value=node.value, attr=SWAPS[node.attr], ctx=node.ctx)
    elif isinstance(node, ast.Name) and node.id in SWAPS and isinstance(node.ctx, ast.Load):
        yield ast.Name(id=SWAPS[node.id], ctx=node.ctx)
    elif isinstance(node, ast.Slice):
        for name in ("lower", "upper", "step"):
            if getattr(node, name) is not None:
                yield ast.Slice(
                    **{
                        key: None if key == name else getattr(node, key)
                        for key in ("lower", "upper", "step")
                    }
                )
    elif isinstance(node, (ast.Assign, ast.AugAssign, ast.Raise, ast.Continue, ast.Break)) or (
        isinstance(node, ast.Expr) and not isinstance(node.value, ast.Constant)
    ):
        yield None
