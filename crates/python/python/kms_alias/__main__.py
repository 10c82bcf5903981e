"""``python -m kms_alias`` is the command ``kms-alias``."""

import sys

from ._program import main

sys.exit(main())
