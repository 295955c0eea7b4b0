"""``python -m core.claims``: the claims of every study with their verdicts; see :mod:`core.home.claims_command`."""

from core.home.claims_command import main

if __name__ == "__main__":
    raise SystemExit(main())
