"""A file that cannot be opened, said in one line that names it."""

from __future__ import annotations


def file_fault(error: Exception) -> str:
    """Say the file and why, without an error number; any other error in its own words."""
    if isinstance(error, OSError) and error.filename is not None and error.strerror:
        return f"{error.filename}: {error.strerror[0].lower()}{error.strerror[1:]}"
    return str(error)
