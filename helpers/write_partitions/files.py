"""The files of the partitions: written aside, and put in their places when all of them are whole."""

import os
import shutil
import tempfile
from contextlib import ExitStack
from typing import Any, Iterable, NamedTuple, Sequence

import numpy as np
import pyarrow as pa

from .problems import Problem, Problems

#: Bytes of lines that are held before they are written. The more partitions, the more is held, so that a file is opened
#: for some thousand bytes, and not for a line.
BUFFER_BYTES, BYTES_OF_PARTITION, MOST_BYTES = 16 * 2**20, 16 * 2**10, 128 * 2**20
#: What is looked at, or written, in one go.
BLOCK = 2**17


def numbers_of(numbers: np.ndarray) -> pa.Array:
    """The same numbers for Arrow, whose own conversion would import pandas first."""
    numbers = numbers.astype(np.int64, copy=False)
    return pa.Array.from_buffers(pa.int64(), len(numbers), [None, pa.py_buffer(numbers)])


def offsets_of(text: pa.Array) -> np.ndarray:
    """Where each text begins in the buffer of all, and where the last one ends."""
    return np.frombuffer(text.buffers()[1], np.int32)[text.offset : text.offset + len(text) + 1]


class Held(NamedTuple):
    """The lines of a batch, those of a partition in one piece."""

    data: memoryview
    #: By piece: the number of its partition, its first byte, and the one after its last.
    numbers: np.ndarray
    begins: np.ndarray
    ends: np.ndarray


class Staged:
    """One file, and what it holds when all lines so far are written."""

    def __init__(self, path: str, header: bytes) -> None:
        self.path, self.rows, self.bytes = path, 0, len(header)


class Staging:
    """Files by partition, in a folder beside them whose name readers and the registration skip."""

    def __init__(self, output: str, header: bytes) -> None:
        self.output, self.header = output, header
        os.makedirs(output, exist_ok=True)
        self.folder = tempfile.mkdtemp(prefix=".write_partitions-", dir=output)
        #: By the partition's folder, in the order of their numbers.
        self.files: dict[str, Staged] = {}
        self.numbers: dict[str, int] = {}
        self.held: list[Held] = []
        self.bytes_held = self.line_ends = 0

    def __enter__(self) -> "Staging":
        return self

    def __exit__(self, *_: Any) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    def number(self, partition: str) -> int:
        """What stands for a partition in {@link add}."""
        number = self.numbers.setdefault(partition, len(self.numbers))
        if number == len(self.files):
            self.files[partition] = Staged(os.path.join(self.folder, str(number)), self.header)
        return number

    def add(self, lines: pa.Array, numbers: Sequence[int], counts: np.ndarray) -> None:
        """Some lines more, those of a partition together: the numbers of the partitions, and how many lines each has."""
        offsets = offsets_of(lines)
        ends = offsets[np.cumsum(counts)]
        begins = np.concatenate([offsets[:1], ends[:-1]])
        files = list(self.files.values())
        for number, rows, size in zip(numbers, counts.tolist(), (ends - begins).tolist()):
            files[number].rows += rows
            files[number].bytes += size
        data = memoryview(lines.buffers()[2])
        self.held.append(Held(data, np.array(numbers, np.int32), begins, ends))
        self.bytes_held += len(data)
        # No cell holds a line break: these are the rows that are really there.
        for start in range(int(begins[0]), int(ends[-1]), BLOCK):
            block = np.frombuffer(data[start : min(start + BLOCK, int(ends[-1]))], np.uint8)
            self.line_ends += int(np.count_nonzero(block == ord("\n")))
        if self.bytes_held >= min(MOST_BYTES, BUFFER_BYTES + BYTES_OF_PARTITION * len(self.files)):
            self.flush()

    def flush(self) -> None:
        if not self.held:
            return
        datas = [held.data for held in self.held]
        numbers, begins, ends = (np.concatenate(parts) for parts in list(zip(*self.held))[1:])
        owners = np.repeat(np.arange(len(datas)), [len(held.numbers) for held in self.held])
        self.held, self.bytes_held = [], 0
        order = np.argsort(numbers, kind="stable")
        stops = np.cumsum(np.bincount(numbers, minlength=len(self.files))).tolist()
        start = 0
        for staged, stop in zip(self.files.values(), stops):
            own, start = order[start:stop], stop
            if len(own) > 0:
                places = zip(owners[own].tolist(), begins[own].tolist(), ends[own].tolist())
                self._append(staged, (datas[owner][begin:end] for owner, begin, end in places))

    def _append(self, staged: Staged, parts: Iterable[memoryview]) -> None:
        # Small pieces become one write; large ones go out as they are.
        with open(staged.path, "ab", buffering=BLOCK) as file:
            if file.tell() == 0:
                file.write(self.header)
            file.writelines(parts)

    def publish(self, name: str, replace: bool, rows: int, subject: str) -> tuple[int, dict[str, int]]:
        """Puts the files in their places, when they hold all the rows and nothing stands in the way."""
        self.flush()
        stored = all(os.path.getsize(staged.path) == staged.bytes for staged in self.files.values())
        if not rows == self.line_ends == sum(staged.rows for staged in self.files.values()) or not stored:
            there = f"{rows} rows came in, {self.line_ends} are in the files"
            raise RuntimeError(f"{subject}: {there}; nothing was written")
        self._refuse_others(name, replace, subject)
        with ExitStack() as undo:
            for partition in self.files:
                _make_folder(os.path.join(self.output, partition), undo)
            for partition, staged in self.files.items():
                _put(staged.path, os.path.join(self.output, partition, name), undo)
            undo.pop_all()
        size = sum(staged.bytes for staged in self.files.values())
        return size, {"/".join(filter(None, (partition, name))): s.rows for partition, s in self.files.items()}

    def _refuse_others(self, name: str, replace: bool, subject: str) -> None:
        problems = Problems()
        for partition in self.files:
            folder = self.output
            for part in partition.split("/"):
                folder = os.path.join(folder, part)
                if os.path.lexists(folder) and not os.path.isdir(folder):
                    where = f"'{os.path.relpath(folder, self.output)}'"
                    problems.add(Problem(where, "is no folder, and partitions lie in it; remove it"))
            for entry in sorted(os.listdir(folder)) if os.path.isdir(folder) else []:
                if entry == name and os.path.isdir(os.path.join(folder, entry)):
                    what = "is a folder, in the place of a partition's file; remove it"
                elif entry == name and not replace:
                    what = "is there already, and its rows would be lost; give all rows in one call, or replace=True"
                elif entry in (name, os.path.basename(self.folder)):
                    continue
                else:
                    what = f"lies beside '{name}', and readers take every file of a partition for rows; remove it"
                problems.add(Problem(f"'{os.path.join(partition, entry)}'", what))
        problems.refuse(subject)


def _make_folder(folder: str, undo: ExitStack) -> None:
    if not os.path.isdir(folder):
        _make_folder(os.path.dirname(folder), undo)
        os.mkdir(folder)
        undo.callback(os.rmdir, folder)


def _put(source: str, target: str, undo: ExitStack) -> None:
    """Moves a file to its place. What was there is kept beside the source until all files are in theirs."""
    if os.path.lexists(target):
        os.replace(target, f"{source}.before")
        undo.callback(os.replace, f"{source}.before", target)
    os.replace(source, target)
    undo.callback(os.remove, target)
