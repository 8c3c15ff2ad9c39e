"""Average what two trainings learnt, number by number.

    python -m benchmarks.reader.averaging ONE.npz OTHER.npz --out rag/reading/reader.npz

Where one goes on from the other, their mean often judges better outside of what the later was trained on, and costs
nothing (Wortsman et al. 2022, arXiv:2203.05482).
"""

import argparse
from pathlib import Path

import numpy as np

from rag.reading.reader import read_additions


def main() -> None:
    """Write the mean."""
    parser = argparse.ArgumentParser()
    parser.add_argument("one", type=Path)
    parser.add_argument("other", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    one, other = (read_additions(file) for file in (options.one, options.other))
    if one.keys() != other.keys() or any(one[name].shape != other[name].shape for name in one):
        raise SystemExit(f"{options.one} and {options.other} are not of one model: their mean means nothing.")
    mean = {name: ((one[name] + other[name]) / 2).astype(np.float16) for name in one}
    np.savez_compressed(options.out, allow_pickle=False, **mean)


if __name__ == "__main__":
    main()
