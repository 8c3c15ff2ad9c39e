"""How often a caller may ask. Without a principal, that is on loopback without authentication, as often as it likes."""

import math
import time
from dataclasses import dataclass

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.requests import Request

NAMESPACE = "turnwise"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """Who asks, and how often a minute that may be."""

    caller: str
    per_minute: int


def rate_of(request: Request) -> Rate | None:
    """Return the rate that holds for a request, from the principal that authentication left in its state.

    Of the principal, `id` and `rate_per_minute` are read; without either there is no limit.
    """
    principal = getattr(request.state, "principal", None)
    per_minute = getattr(principal, "rate_per_minute", None)
    caller = getattr(principal, "id", None)
    return Rate(caller=str(caller), per_minute=per_minute) if caller is not None and per_minute else None


class RateLimit:
    """Counts each caller's requests of the last minute. Each worker counts those that came to it."""

    def __init__(self) -> None:
        """Start with nobody having asked."""
        self._window = MovingWindowRateLimiter(MemoryStorage())

    def retry_after_s(self, rate: Rate) -> int | None:
        """Count a request; return after how many seconds to ask again if it is one too many, else None."""
        item = RateLimitItemPerMinute(rate.per_minute, namespace=NAMESPACE)
        if self._window.hit(item, rate.caller):
            return None
        return max(1, math.ceil(self._window.get_window_stats(item, rate.caller).reset_time - time.time()))
