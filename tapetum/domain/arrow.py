"""Arrow's compute functions, which are made at import where no type checker can see them."""

from typing import Any

import pyarrow.compute

compute: Any = pyarrow.compute
