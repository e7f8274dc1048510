"""Alignment of a compiled function's stack."""

from numba import types
from numba.extending import intrinsic

CACHE_LINE = 64  # bytes


@intrinsic
def align_stack(_typing):
    """Have the function that calls this begin its part of the stack at a cache line.

    Vectors that do not fit into registers lie there, each as long as a cache line. If they cross
    lines, which would else depend on chance, a kernel loses a third of its speed.
    """

    def generate(context, builder, _signature, _arguments):
        builder.function.attributes.alignstack = CACHE_LINE
        builder.function.attributes.add("noinline")  # since the caller would not align its own
        return context.get_dummy_value()

    return types.void(), generate
