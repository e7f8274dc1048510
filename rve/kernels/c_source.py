"""C99 source of a function, written from recorded formulas.

It works on one point. A number that is used once stands within the expression that uses it, so
that the text stays near the formula.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from textwrap import fill

from rve.kernels.formula import Place, Recording, Write, look_up
from rve.kernels.graph import Expression, ordered
from rve.kernels.operations import ATOM, FORMS, TRUTHS, UNARY

_WIDTH = 100
_LONGEST = 72  # of an expression within another
_WHOLE = (*TRUTHS, "row")
_Text = tuple[str, int]  # and how tightly it binds

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
    """Source of a function without a result, whose arguments are the arrays of a recording."""
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
    values = [write.value for write in writes]
    nodes = ordered(values, ends=reads)
    texts: dict[Expression, _Text] = {}
    for node in nodes:
        if node in reads:
            array, entry, _ = reads[node]
            texts[node] = f"{array}[{entry}]", ATOM
            if array in written:  # before anything is written there
                yield f"const double {_variable(node)} = {array}[{entry}];"
                texts[node] = _variable(node), ATOM
        elif node.operation == "constant":
            texts[node] = _number(node.arguments[0])
    used = (argument for node in nodes if node not in texts for argument in node.arguments)
    uses, results = Counter(chain(used, values)), set(values)
    for node in nodes:
        if node in texts:
            continue
        text, level = _expression(node, texts, reads)
        if uses[node] == 1 and (len(text) <= _LONGEST or node in results):
            texts[node] = text, level
            continue
        kind = "int" if node.operation in _WHOLE else "double"
        yield f"const {kind} {_variable(node)} = {text};"
        texts[node] = _variable(node), ATOM
    for place, value, added in writes:
        yield f"{place.array}[{place.entry}] {'+=' if added else '='} {texts[value][0]};"


def _expression(
    node: Expression, texts: Mapping[Expression, _Text], places: Mapping[Expression, Place]
) -> _Text:
    """Text of an operation and how tightly it binds, from those of its arguments."""
    arguments, (_, form, level, least) = node.arguments, FORMS[node.operation]
    if node.operation == "subtract" and arguments[0].is_constant(0):
        arguments, form, level, least = arguments[1:], "-{}", UNARY, (ATOM,)
    enclosed = [
        text if binds >= bound else f"({text})"
        for (text, binds), bound in zip((texts[a] for a in arguments), least, strict=False)
    ]
    return form.format(*enclosed, **look_up(node, places)), level


def _variable(node: Expression) -> str:
    return node.arguments[0] if node.operation == "input" else f"t{node.number}"


def _number(value: float) -> _Text:
    return repr(float(value)), ATOM if value >= 0 else UNARY
