"""The errors that the search engine raises on purpose.

    SearchEngineError
    ├── DocumentChangedError  somebody else has stored or removed the document since it was read; nothing was stored
    ├── IndexMissingError     there is no index in the folder or database yet
    ├── IndexLockedError      another process is writing, and went on longer than we were told to wait
    ├── IndexDamagedError     the database, or for a reader what is derived from it, can't be read
    ├── BackupError           what was to be restored is no sound backup of an index; nothing was changed
    ├── IndexMismatchError    the database was made with another model, dimension or format
    ├── IndexReadOnlyError    this engine was opened for reading only
    ├── IndexStorageError     the disk refused (full, or no permission), or the database's server can't be reached
    └── InvalidRecordError    a record breaks the engine's rules; nothing of its document was stored

An unknown id in `SearchEngine.vectors` is a `KeyError`, as of any mapping.
"""


class SearchEngineError(Exception):
    """Base of every error that the engine raises on purpose. The message says what, where and how to mend it."""


class DocumentChangedError(SearchEngineError):
    """Somebody else has stored or removed the document since it was read; nothing was stored."""


class IndexMissingError(SearchEngineError):
    """There is no index in the folder or database yet."""


class IndexLockedError(SearchEngineError):
    """Another process is writing, and went on longer than we were told to wait."""


class IndexDamagedError(SearchEngineError):
    """The database, or for a reader what is derived from it, can't be read."""


class BackupError(SearchEngineError):
    """What was to be restored is no sound backup of an index; nothing was changed."""


class IndexMismatchError(SearchEngineError):
    """The database was made with another model, dimension or format."""


class IndexReadOnlyError(SearchEngineError):
    """This engine was opened for reading only."""


class IndexStorageError(SearchEngineError):
    """The disk refused (full, or no permission), or the database's server can't be reached."""


class InvalidRecordError(SearchEngineError):
    """A record breaks the engine's rules; nothing of its document was stored."""
