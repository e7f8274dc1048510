from .cell import Cell as Cell
from .cell import discretise as discretise
from .components import assemble_components as assemble_components
from .components import homogenise as homogenise
from .dns import simulate as simulate
from .elastic import elastic_stiffness as elastic_stiffness
