"""`python -m api.cli` is `turnwise`."""

from api.cli import main

if __name__ == "__main__":
    main()
