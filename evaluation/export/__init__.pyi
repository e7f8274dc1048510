from .source import export as export
