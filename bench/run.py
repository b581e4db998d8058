"""Every bench in a short form, a table each: `python bench/run.py [NAME...] [--write]`.

The full forms are the scripts by themselves, with their defaults: `python bench/throughput.py` and so on.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
PAGE = HERE.parent / "docs" / "explanation" / "performance.md"
BEGIN, END = "<!-- bench:begin -->", "<!-- bench:end -->"
# What each shows, and how it is run here.
BENCHES = {
    "attendance": ("Merging attendance", []),
    "planning": ("Planning", []),
    "hosts": ("Giving meetings to hosts", []),
    "sources": ("Reading programmes", []),
    "throughput": ("Use of the limit", ["--sessions", "1000", "--hosts", "20"]),
    "peers": ("Side by side with other clients", []),
    "conference": ("A conference of 1,000 sessions in 30 rooms", []),
    "large": ("One very large webinar", ["--participants", "10000", "--rows", "10000", "--rows", "100000"]),
    "merging": ("The merge beside pandas and polars", ["--stays", "10000", "--stays", "100000"]),
    "sealing": ("What encryption at rest costs", ["--rows", "25000"]),
    "webhooks": ("Webhooks taken in by one process", ["--seconds", "10"]),
    "public": ("What the public page carries", ["--seconds", "5"]),
    "pages": ("What each page costs", []),
    "certificates": ("Certificates of 2,000 people", []),
    "store_size": ("What a session takes in the store", []),
    "month": ("A month with nobody there", ["--days", "6", "--sessions", "12", "--kills", "4"]),
    "kill": ("Everything killed on purpose", ["--sessions", "200", "--table"]),
}


def run(name: str) -> str:
    """One bench: its heading, its command, what it printed."""
    title, arguments = BENCHES[name]
    script = HERE / f"{name}.py"
    done = subprocess.run([sys.executable, str(script), *arguments], stdout=subprocess.PIPE, text=True, check=False)
    table = done.stdout.strip() or f"ended with {done.returncode} and said nothing"
    command = " ".join(["python", f"bench/{name}.py", *arguments])
    return f"**{title}** (`{command}`)\n\n{table}\n"


def write_page(text: str) -> None:
    """Put the tables between the two marks of the page."""
    page = PAGE.read_text(encoding="utf-8")
    if BEGIN not in page or END not in page:
        sys.exit(f"{PAGE} lacks the marks {BEGIN} and {END}")
    before, rest = page.split(BEGIN, 1)
    after = rest.split(END, 1)[1]
    PAGE.write_text(f"{before}{BEGIN}\n{text}{END}{after}", encoding="utf-8")


def main() -> None:
    there = [name for name in BENCHES if (HERE / f"{name}.py").exists()]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"{', '.join(there)} (all)")
    parser.add_argument("--write", action="store_true", help="put the tables into docs/explanation/performance.md")
    arguments = parser.parse_args()
    if unknown := set(arguments.names) - set(there):
        parser.error(f"there is no bench {', '.join(sorted(unknown))}; there are {', '.join(there)}")
    parts = []
    for name in arguments.names or there:
        parts.append(run(name))
        print(parts[-1], flush=True)
    if arguments.write:
        write_page("\n".join(parts))


if __name__ == "__main__":
    main()
