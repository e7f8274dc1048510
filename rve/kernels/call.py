"""Calls of compiled functions by their address, so that a loop compiled once takes any of them."""

from typing import Any

from rve.kernels.build import Lazy


def _call() -> Any:
    from llvmlite import ir
    from numba import types
    from numba.extending import intrinsic

    @intrinsic
    def call(typing_context, address, constants, tile):
        signature = types.void(address, constants, tile)

        def generate(context, builder, signature, arguments):
            pointer = ir.DoubleType().as_pointer()
            function = ir.FunctionType(ir.VoidType(), [pointer, pointer]).as_pointer()
            data = [
                context.make_array(kind)(context, builder, value).data
                for kind, value in zip(signature.args[1:], arguments[1:], strict=True)
            ]
            builder.call(builder.inttoptr(arguments[0], function), data)
            return context.get_dummy_value()

        return signature, generate

    return call


call = Lazy(_call)
"""Within a compiled function: `call(address, constants, tile)` calls the point function of a law
with arrays of its constants and its tile."""
