"""What searching, updating and opening cost as the collection grows: `python -m benchmarks.scale --words N`."""
