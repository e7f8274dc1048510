"""Alignment of a compiled function's stack."""

from numba import types
from numba.extending import intrinsic

CACHE_LINE = 64  # bytes


@intrinsic
def align_stack(_typing):
    """Have the function that calls this begin its part of the stack with a cache line.

    The values that do not fit into registers, vectors of a cache line's length, are then read and
    written whole. Otherwise it depends on chance whether they cross lines, which costs a third of
    a kernel's speed.
    """

    def generate(context, builder, _signature, _arguments):
        builder.function.attributes.alignstack = CACHE_LINE
        builder.function.attributes.add("noinline")  # since the caller would not align its own
        return context.get_dummy_value()

    return types.void(), generate
