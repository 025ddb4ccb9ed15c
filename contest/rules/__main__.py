"""The door of `python -m contest.rules`."""
from contest.rules.command import main

if __name__ == "__main__":
    raise SystemExit(main())
