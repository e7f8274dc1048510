"""The operations of recorded formulas, named as in numpy, and how each is written.

To look a number x up in a table takes two of them: `row` finds the row in which x lies, and `entry`
reads a column there.
"""

from typing import NamedTuple

CONDITION, OR, AND, COMPARED, SUM, PRODUCT, UNARY, ATOM = range(8)
COMPARISONS = ("less", "less_equal", "greater", "greater_equal")
TRUTHS = (*COMPARISONS, "logical_and", "logical_or", "logical_not")


class Form(NamedTuple):
    """Text of an operation, with braces where its operands stand.

    Attributes:
        numba: in compiled Python, where each operand is a name or a constant.
        c: in C, where operands are expressions.
        binds: how tightly the text in C does.
        least: how tightly those of its operands must, not to be enclosed.
    """

    numba: str
    c: str
    binds: int = ATOM
    least: tuple[int, ...] = (0, 0)


FORMS = {
    "add": Form("{} + {}", "{} + {}", SUM, (SUM, SUM + 1)),
    "subtract": Form("{} - {}", "{} - {}", SUM, (SUM, SUM + 1)),
    "multiply": Form("{} * {}", "{} * {}", PRODUCT, (PRODUCT, PRODUCT + 1)),
    "divide": Form("{} / {}", "{} / {}", PRODUCT, (PRODUCT, PRODUCT + 1)),
    "power": Form("power({}, {})", "power({}, {})"),
    "less": Form("{} < {}", "{} < {}", COMPARED, (SUM, SUM)),
    "less_equal": Form("{} <= {}", "{} <= {}", COMPARED, (SUM, SUM)),
    "greater": Form("{} > {}", "{} > {}", COMPARED, (SUM, SUM)),
    "greater_equal": Form("{} >= {}", "{} >= {}", COMPARED, (SUM, SUM)),
    "logical_and": Form("{} & {}", "{} && {}", AND, (AND, AND)),
    "logical_or": Form("{} | {}", "{} || {}", OR, (AND + 1, AND + 1)),
    "logical_not": Form("not {}", "!{}", UNARY, (ATOM,)),
    "where": Form("{1} if {0} else {2}", "{} ? {} : {}", CONDITION, (OR, OR, OR)),
    "minimum": Form("{0} if {0} <= {1} else {1}", "smaller({}, {})"),
    "maximum": Form("{0} if {0} >= {1} else {1}", "greater({}, {})"),
    "absolute": Form("abs({})", "fabs({})"),
    "sqrt": Form("sqrt({})", "sqrt({})"),
    "sin": Form("sin({})", "sin({})"),
    "cos": Form("cos({})", "cos({})"),
    "exp": Form("exponential({})", "exp({})"),
    "log": Form("logarithm({})", "log({})"),
    "row": Form("table_row({array}, {array}_row, {1}, {0})", "table_row({array}, {1}, {0})"),
    "entry": Form("{array}[{array}_row, {0} + {column:.0f}]", "{array}[{0} + {column:.0f}]"),
}
