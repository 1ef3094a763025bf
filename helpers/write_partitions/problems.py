"""Everything that is wrong with a table, told at once."""

from typing import Any, NamedTuple, Optional

#: So many lines at most; each stands for all cells of a column with one fault.
MOST_LINES = 30


class PartitionsError(ValueError):
    """The table cannot be written as the dataset declares it. Nothing was written."""


class Problem(NamedTuple):
    """One fault, and all cells of a column that have it."""

    #: `column 'y' (int)`
    where: str
    #: What is wrong, and what to do.
    what: str
    #: The first row that has it, from 1. None: it is no matter of a row.
    row: Optional[int] = None
    #: What stands there.
    value: Any = None
    cells: int = 1


class Problems:
    """Gathers faults of all batches; the same fault of the same column is one line."""

    def __init__(self) -> None:
        self.found: dict[tuple[str, str], Problem] = {}

    def __bool__(self) -> bool:
        return bool(self.found)

    def add(self, problem: Problem) -> None:
        key = problem.where, problem.what
        first = self.found.get(key)
        self.found[key] = problem if first is None else first._replace(cells=first.cells + problem.cells)

    def refuse(self, subject: str) -> None:
        """Raises what was found."""
        if not self.found:
            return
        lines = [shown(problem) for problem in self.found.values()]
        more = [f"and {len(lines) - MOST_LINES} more"] if len(lines) > MOST_LINES else []
        text = "\n".join(f"  - {line}" for line in lines[:MOST_LINES] + more)
        raise PartitionsError(f"{subject}, nothing was written:\n{text}")


def shown(problem: Problem) -> str:
    if problem.row is None:
        return f"{problem.where} {problem.what}"
    also = f" ({problem.cells} such cells)" if problem.cells > 1 else ""
    return f"{problem.where}, row {problem.row}: {cut(problem.value)} {problem.what}{also}"


def cut(value: Any) -> str:
    """A value as a line can hold it."""
    text = " ".join(repr(value).split("\n"))
    return f"{text[:80]}…" if len(text) > 80 else text
