from .files import export as export
