"""pyarrow's compute functions, which it makes at import time where no type checker sees them."""

from typing import Any

import pyarrow.compute

pc: Any = pyarrow.compute
