"""From batches to files: each batch becomes lines in the order of their partitions, which are cut and gathered."""

import json
import os
import re
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, Iterator, Mapping, NamedTuple, Optional, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from . import keys as rules
from .batches import batches, columns
from .cells import carried, is_text, plain, shown, text_of
from .files import Staging, numbers_of
from .lines import lines_of, sorted_by
from .problems import PartitionsError, Problem, Problems, cut

#: More have nothing to do: what reads and writes is one.
WORKERS = min(4, os.cpu_count() or 1)
#: A job with more files fails at their upload (https://github.com/aws/sagemaker-python-sdk/issues/1619).
MOST_FILES = 50_000
#: Names of files. Readers skip what begins with '.' or '_', and unpack what ends in .gz, .snappy and the like.
PLAIN = re.compile(r"[^\W_]([\w.-]*\.csv|[\w-]*)")


class Worked(NamedTuple):
    """What became of one batch."""

    #: The row of the table before its first.
    before: int
    #: A line for each row, those of a partition together; None when a cell has a fault.
    lines: Optional[pa.Array]
    #: For each row the place of its partition in `partitions`.
    codes: np.ndarray
    #: The cells of the key columns.
    partitions: Sequence[tuple[Any, ...]]
    problems: Sequence[Problem]


class Plan:
    """What the declaration asks of every batch."""

    def __init__(self, dataset: Mapping[str, Any], values: Mapping[str, Any]) -> None:
        self.name, self.keys, self.columns = dataset["name"], dataset["partitionKeys"], dataset["columns"]
        self.form, self.escaping = dataset["format"], dataset.get("escaping", "none")
        self.values = values
        self.subject = f"table of dataset '{self.name}'"
        names = [key["name"] for key in self.keys]
        unknown = [name for name in values if name not in names]
        if unknown:
            raise PartitionsError(f"{self.subject}: values names {listed(unknown)}, the keys are {listed(names)}")
        problems = Problems()
        for key in self.keys:
            what = rules.value_problem(key, values[key["name"]], self.escaping) if key["name"] in values else None
            if what is not None:
                problems.add(Problem(f"values['{key['name']}'] = {cut(values[key['name']])}", what))
        problems.refuse(self.subject)
        self.in_table = [key for key in self.keys if key["name"] not in values]

    def header(self) -> bytes:
        if not self.form["header"]:
            return b""
        quote = self.form.get("quote") or ""
        line = self.form["delimiter"].join(f"{quote}{column['name']}{quote}" for column in self.columns)
        return (line + self.form["newline"]).encode()

    def check_columns(self, names: Sequence[str]) -> None:
        """Exactly the declared ones: a column too many would be lost, and one twice could be either."""
        problems = Problems()
        wanted = [field["name"] for field in (*self.columns, *self.in_table)]
        for name in dict.fromkeys(names):
            if list(names).count(name) > 1:
                problems.add(Problem(f"column '{name}'", "is there more than once; which one is meant?"))
            if name in self.values:
                problems.add(Problem(f"column '{name}'", "is also in values; leave one of them out"))
            elif name not in wanted:
                problems.add(Problem(f"column '{name}'", "is not declared; take it out, or declare it"))
        for name in wanted:
            if name not in names:
                problems.add(Problem(f"column '{name}'", f"is declared and not there; the table has {listed(names)}"))
        problems.refuse(self.subject)

    def work(self, batch: pa.RecordBatch, before: int) -> Worked:
        """The lines of a batch by partition. Any fault of a cell, and there are no lines."""
        self.check_columns(batch.schema.names)
        problems: list[Problem] = []
        texts = [self._cells(batch, index, before, problems) for index in range(len(self.columns))]
        codes, found = self._partitions(batch)
        lines = None if problems else sorted_by(codes, lines_of(texts, self.form))
        return Worked(before, lines, codes, found, problems)

    def _cells(self, batch: pa.RecordBatch, index: int, before: int, problems: list[Problem]) -> pa.Array:
        column = self.columns[index]
        declared = column["type"].lower()
        values = plain(batch.column(column["name"]))

        def report(mask: Any, what: str) -> None:
            count = pc.sum(mask).as_py()
            if count:
                at = pc.index(mask, True).as_py()
                where = f"column '{column['name']}' ({declared})"
                problems.append(Problem(where, what, before + at + 1, shown(values[at]), count))

        text = text_of(values, declared, report)
        return carried(
            text,
            self.form,
            report,
            first=index == 0,
            alone=len(self.columns) == 1,
            typed=not is_text(values.type),
        )

    def _partitions(self, batch: pa.RecordBatch) -> tuple[np.ndarray, list[tuple[Any, ...]]]:
        """A number for each row, and the values of the keys that the number stands for."""
        codes = np.zeros(batch.num_rows, np.int64)
        found: list[tuple[Any, ...]] = [()]
        for key in self.keys:
            if key["name"] in self.values:
                found = [(*values, self.values[key["name"]]) for values in found]
                continue
            own = plain(batch.column(key["name"])).dictionary_encode("encode")
            distinct = [shown(value) for value in own.dictionary]
            # Renumbered for each key, so that numbers stay below the number of rows.
            both = numbers_of(codes * len(distinct) + own.indices.to_numpy()).dictionary_encode()
            pairs = [divmod(pair, len(distinct)) for pair in both.dictionary.to_pylist()]
            found = [(*found[outer], distinct[inner]) for outer, inner in pairs]
            codes = both.indices.to_numpy()
        return codes, found


def listed(names: Sequence[str]) -> str:
    return ", ".join(f"'{name}'" for name in names) or "none"


def worked(plan: Plan, stream: Iterator[pa.RecordBatch]) -> Iterator[Worked]:
    """Some batches at the same time, and their results in the order of the table."""
    before = 0
    waiting: deque[Future[Worked]] = deque()
    with ThreadPoolExecutor(WORKERS) as pool:
        for batch in stream:
            waiting.append(pool.submit(plan.work, batch, before))
            before += batch.num_rows
            # As many wait as are in work: enough to do while files are written, or the next rows are read.
            while len(waiting) > 2 * WORKERS:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


@contextmanager
def system_memory() -> Iterator[None]:
    """The system's allocator moves texts that grow, where Arrow's own copies them: joining takes half the time."""
    before = pa.default_memory_pool()
    pa.set_memory_pool(pa.system_memory_pool())
    try:
        yield
    finally:
        pa.set_memory_pool(before)


def write(
    table: Any, dataset: Any, values: Mapping[str, Any], output: str, file: str, replace: bool
) -> tuple[int, int, dict[str, int]]:
    """Rows, bytes, and rows by file."""
    if not isinstance(dataset, Mapping):
        with open(dataset, encoding="utf-8") as text:
            dataset = json.load(text)
    plan = Plan(dataset, values)
    if not PLAIN.fullmatch(file) or len(file.encode()) > rules.LONGEST_NAME:
        raise PartitionsError(
            f"file {file!r} must be a name that readers neither skip nor take for compressed, of letters, digits, '-' "
            f"and '_', at most {rules.LONGEST_NAME} bytes, with the ending .csv or none, such as partition.csv"
        )
    names = columns(table)
    if names is not None:
        plan.check_columns(names)
    problems = Problems()
    known: dict[tuple[Any, ...], int] = {}
    rows = 0
    with system_memory(), Staging(output, plan.header()) as staging:
        for batch in worked(plan, batches(table, problems.add)):
            rows += len(batch.codes)
            for problem in batch.problems:
                problems.add(problem)
            numbers = []
            for place, partition in enumerate(batch.partitions):
                if partition not in known:
                    folder = folder_of(plan, batch, place, problems)
                    if folder is not None:
                        known[partition] = staging.number(folder)
                numbers.append(known.get(partition, -1))
            if not problems and batch.lines is not None:
                staging.add(batch.lines, numbers, np.bincount(batch.codes))
        if len(staging.files) > MOST_FILES:
            what = f"a job with more than {MOST_FILES} files fails at their upload"
            problems.add(Problem("the table", f"makes {len(staging.files)} partitions; {what}"))
        if rows == 0:
            problems.add(Problem("the table", "has no rows; a partition without rows looks like a day without data"))
        problems.refuse(plan.subject)
        size, files = staging.publish(file, replace, rows, plan.subject)
        return rows, size, files


def folder_of(plan: Plan, batch: Worked, place: int, problems: Problems) -> Optional[str]:
    """The folder of a partition; None where its values are wrong, which is noted."""

    def note(where: str, what: str, value: Any) -> None:
        own = batch.codes == place
        problems.add(Problem(where, what, batch.before + int(np.argmax(own)) + 1, value, int(np.count_nonzero(own))))

    values = batch.partitions[place]
    wrong = [
        (key, value, what)
        for key, value in zip(plan.keys, values)
        if (what := rules.value_problem(key, value, plan.escaping)) is not None
    ]
    for key, value, what in wrong:
        note(f"partition key '{key['name']}'", what, value)
    if wrong:
        return None
    texts = [rules.key_text(key, value) or "" for key, value in zip(plan.keys, values)]
    path = rules.folder(plan.keys, texts, plan.escaping)
    what = rules.folder_problem(plan.keys, texts, path)
    if what is not None:
        note("partition", what, path)
        return None
    return path
