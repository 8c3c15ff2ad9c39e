"""Turn a filter into a mask over the positions of a segment."""

import datetime as dt

import numpy as np

from index.segments import Segment, field_term
from index.types import Filter
from index.vectors import Mask


def mask_of(segment: Segment, where: Filter) -> Mask | None:
    """Return which positions of a segment pass a filter; None when all do."""
    mask: Mask | None = None
    for field, values in where.any_of.items():
        passing = np.zeros(len(segment), dtype=np.bool_)
        for value in values:
            place = segment.fields.find(field_term(field, value))
            if place is not None:
                passing[segment.fields.positions[place]] = True
        mask = passing if mask is None else mask & passing
    if where.date_from is not None or where.date_to is not None:
        first = (where.date_from or dt.date.min).toordinal()
        last = (where.date_to or dt.date.max).toordinal()
        # A record without a date has day 0, which is before the first.
        passing = (segment.days >= first) & (segment.days <= last)
        mask = passing if mask is None else mask & passing
    return mask
