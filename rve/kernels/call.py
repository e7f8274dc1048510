"""Call a function by its address, so that code that is compiled once takes any function."""

from numba import types
from numba.extending import intrinsic


@intrinsic
def call(typing_context, address, constants, tile):
    """Call the point function at an address with arrays of its constants and its tile."""
    signature = types.void(address, constants, tile)

    def generate(context, builder, signature, arguments):
        from llvmlite import ir

        pointer = ir.DoubleType().as_pointer()
        function = ir.FunctionType(ir.VoidType(), [pointer, pointer]).as_pointer()
        data = [
            context.make_array(kind)(context, builder, value).data
            for kind, value in zip(signature.args[1:], arguments[1:], strict=True)
        ]
        builder.call(builder.inttoptr(arguments[0], function), data)
        return context.get_dummy_value()

    return signature, generate
