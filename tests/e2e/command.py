"""How the command is started, and the real announcement it is started with."""

import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "tests" / "samples" / "announcement.txt"
COMMAND = [sys.executable, "-c", "from zoom_sync.entrypoints.cli import main; main()"]
