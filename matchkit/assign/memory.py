"""Memory is estimated before it is taken."""

from __future__ import annotations

import os
from dataclasses import dataclass

from matchkit.errors import TooLargeError


@dataclass(frozen=True, slots=True)
class Memory:
    """What a solve may take.

    Attributes
    ----------
    limit : int or None
        Bytes allowed; None where the machine does not say what it has.
    """

    limit: int | None

    @classmethod
    def of(cls, limit: int | None) -> Memory:
        """Return what is allowed: the limit that was set, or what the machine has."""
        return cls(_machine() if limit is None else limit)

    def allow(self, needed: int, what: str) -> None:
        """Refuse what would take too much.

        Parameters
        ----------
        needed : int
            Bytes.
        what : str
            What needs them, as the beginning of a sentence in the plural.

        Raises
        ------
        TooLargeError
            If more than allowed are needed.
        """
        if self.limit is not None and needed > self.limit:
            allowed = f"{self.limit / 2**30:.2f} GiB are allowed"
            raise TooLargeError(f"{what} need {needed / 2**30:.2f} GiB, {allowed}.")


def _machine() -> int | None:
    """Return the bytes of memory that this machine has, None where it does not say."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return None
