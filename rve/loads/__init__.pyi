from .curve import Curve as Curve
from .curve import read_curve as read_curve
from .load_path import LoadPath as LoadPath
from .load_path import monotonic as monotonic
from .load_path import piecewise_linear as piecewise_linear
from .load_table import read_path as read_path
