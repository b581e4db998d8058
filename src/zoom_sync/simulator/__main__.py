"""`python -m zoom_sync.simulator`."""

import sys

from .server import main

sys.exit(main())
