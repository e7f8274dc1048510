"""C99 source of a function, written from recorded formulas.

It works on one point. A number that is used once stands within the expression that uses it, so
that the text stays near the formula.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from textwrap import fill

from rve.kernels.formula import Place, Recording, Write
from rve.kernels.graph import Expression, ordered

_WIDTH = 100
_LONGEST = 72  # of an expression within another
_CONDITION, _OR, _AND, _COMPARED, _SUM, _PRODUCT, _UNARY, _ATOM = range(8)
_FORMS = {
    "add": ("{} + {}", _SUM, (_SUM, _SUM + 1)),
    "sub": ("{} - {}", _SUM, (_SUM, _SUM + 1)),
    "mul": ("{} * {}", _PRODUCT, (_PRODUCT, _PRODUCT + 1)),
    "div": ("{} / {}", _PRODUCT, (_PRODUCT, _PRODUCT + 1)),
    "lt": ("{} < {}", _COMPARED, (_SUM, _SUM)),
    "le": ("{} <= {}", _COMPARED, (_SUM, _SUM)),
    "gt": ("{} > {}", _COMPARED, (_SUM, _SUM)),
    "ge": ("{} >= {}", _COMPARED, (_SUM, _SUM)),
    "and": ("{} && {}", _AND, (_AND, _AND)),
    "or": ("{} || {}", _OR, (_AND + 1, _AND + 1)),
    "not": ("!{}", _UNARY, (_ATOM,)),
    "where": ("{} ? {} : {}", _CONDITION, (_OR, _OR, _OR)),
    "minimum": ("smaller({}, {})", _ATOM, (0, 0)),
    "maximum": ("greater({}, {})", _ATOM, (0, 0)),
    "pow": ("power({}, {})", _ATOM, (0, 0)),
    "abs": ("fabs({})", _ATOM, (0,)),
    "sqrt": ("sqrt({})", _ATOM, (0,)),
    "sin": ("sin({})", _ATOM, (0,)),
    "cos": ("cos({})", _ATOM, (0,)),
    "exp": ("exp({})", _ATOM, (0,)),
    "log": ("log({})", _ATOM, (0,)),
}
_WHOLE = ("lt", "le", "gt", "ge", "and", "or", "not", "row")

_HELPERS = {
    # As `rve.kernels.functions.power`: zero to any power is zero.
    "power": "static double power(double x, double y) { return x > 0 ? pow(x, y) : 0 * sqrt(x); }",
    "smaller": "static double smaller(double x, double y) { return x <= y ? x : y; }",
    "greater": "static double greater(double x, double y) { return x >= y ? x : y; }",
    # As `rve.kernels.functions.table_row`.
    "table_row": """\
/* Where that row of a table begins in which x lies: start, value and slope; `first` is the place of
   the number of its rows, which stand behind it. */
static int table_row(const double *constants, double first, double x)
{
    const int top = (int)first + 1;
    int low = 0, high = (int)constants[top - 1] - 1;
    while (low < high) {
        const int middle = (low + high + 1) / 2;
        if (constants[top + 3 * middle] <= x)
            low = middle;
        else
            high = middle - 1;
    }
    return top + 3 * low;
}""",
}


def helpers(texts: Iterable[str]) -> str:
    """Functions that must stand before these."""
    joined = "".join(texts)
    return "\n".join(text for name, text in _HELPERS.items() if f"{name}(" in joined)


def function(comment: str, name: str, recording: Recording) -> str:
    """Source of a function without a result, whose arguments are arrays.

    Args:
        comment: what it computes.
        name: of the function.
        recording: what it computes, and the arrays.
    """
    arrays, reads, writes = recording
    written = {write.place.array for write in writes}
    arguments = ", ".join(f"{'' if a in written else 'const '}double *restrict {a}" for a in arrays)
    lines = _statements(writes, reads, written)
    body = "\n".join(
        fill(line, _WIDTH, initial_indent=4 * " ", subsequent_indent=8 * " ") for line in lines
    )
    signature = fill(f"static void {name}({arguments})", _WIDTH, subsequent_indent="    ")
    return (
        f"/* {fill(comment, _WIDTH - 6, subsequent_indent='   ')} */\n{signature}\n{{\n{body}\n}}\n"
    )


def _statements(
    writes: Sequence[Write], reads: Mapping[Expression, Place], written: Iterable[str]
) -> Iterator[str]:
    places = {node.number: place for node, place in reads.items()}
    nodes = ordered([write.value for write in writes], ends=places)
    texts: dict[int, tuple[str, int]] = {}
    for node in nodes:
        if node.number in places:
            place = places[node.number]
            element = f"{place.array}[{place.entry}]"
            if place.array in written:  # before anything is written there
                yield f"const double {_variable(node)} = {element};"
                element = _variable(node)
            texts[node.number] = element, _ATOM
        elif node.operation == "constant":
            texts[node.number] = _number(node.arguments[0])
    uses = Counter(a.number for node in nodes if node.number not in texts for a in node.arguments)
    uses.update(write.value.number for write in writes)
    at_once = {write.value.number: write for write in writes}
    for node in nodes:
        if node.number in texts:
            continue
        text, level = _expression(node, texts, places)
        if uses[node.number] == 1 and (len(text) <= _LONGEST or node.number in at_once):
            texts[node.number] = text, level
            continue
        kind = "int" if node.operation in _WHOLE else "double"
        yield f"const {kind} {_variable(node)} = {text};"
        texts[node.number] = _variable(node), _ATOM
    for place, value, added in writes:
        yield f"{place.array}[{place.entry}] {'+=' if added else '='} {texts[value.number][0]};"


def _expression(
    node: Expression, texts: Mapping[int, tuple[str, int]], places: Mapping[int, Place]
) -> tuple[str, int]:
    """Text of an operation and how tightly it binds, from those of its arguments."""
    if node.operation in ("row", "entry"):
        array = places[node.arguments[1].number].array
    match node.operation, *node.arguments:
        case "row", x, table:
            return f"table_row({array}, {texts[table.number][0]}, {texts[x.number][0]})", _ATOM
        case "entry", row, _, column:
            return f"{array}[{texts[row.number][0]} + {column.arguments[0]:.0f}]", _ATOM
    arguments, (form, level, levels) = node.arguments, _FORMS[node.operation]
    if node.operation == "sub" and arguments[0].is_constant(0):
        arguments, (form, level, levels) = arguments[1:], ("-{}", _UNARY, (_ATOM,))
    enclosed = (
        text if binds >= least else f"({text})"
        for (text, binds), least in zip((texts[a.number] for a in arguments), levels, strict=True)
    )
    return form.format(*enclosed), level


def _variable(node: Expression) -> str:
    return node.arguments[0] if node.operation == "input" else f"t{node.number}"


def _number(value: float) -> tuple[str, int]:
    return repr(float(value)), _ATOM if value >= 0 else _UNARY
