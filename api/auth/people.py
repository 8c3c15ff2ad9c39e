"""People, however they are known: who they are, and by the owner's list what they may do and read."""

from api.auth.principal import Principal, Way
from api.auth.readers import Readers


def person(subject: str, *, name: str, groups: frozenset[str], way: Way, readers: Readers) -> Principal:
    """Return the principal of a person.

    Raises:
        SettingsError: The owner's list can't be understood.
    """
    listed = readers.current()
    return Principal(
        id=f"person:{subject}",
        name=name,
        way=way,
        scopes=listed.scopes(groups),
        restriction=listed.restriction(groups),
    )
