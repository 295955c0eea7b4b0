"""Command line: ``python -m core.claims``, and ``python -m core.claims --csv`` for a program."""

import argparse
import sys
from collections.abc import Sequence

from core.claims.report import claims_file, listing
from core.claims.study import ClaimError
from core.home.all_claims import judged_all
from core.tables.catalogue import CatalogueError

FAILED = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Print every claim with its verdict; 0 when it worked, 2 with a sentence on standard error when it did not."""
    parser = argparse.ArgumentParser(prog="python -m core.claims", description="Put the published claims to the test.")
    parser.add_argument("--csv", action="store_true", help="as CSV: id,published,recomputed,proper,verdict,reason")
    options = parser.parse_args(arguments)
    try:
        claims = judged_all()
    except (CatalogueError, ClaimError) as error:
        print(f"Stopped: {error}", file=sys.stderr)
        return FAILED
    if options.csv:
        claims_file(claims).to_csv(sys.stdout, index=False, lineterminator="\n")
    else:
        print(listing(claims))
    return 0
