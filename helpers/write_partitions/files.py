"""The files of the partitions: written aside, and put in their places when all of them are whole."""

import os
import shutil
import tempfile
from typing import Any

import numpy as np
import pyarrow as pa

from .problems import Problem, Problems

#: Bytes of lines that are held before they are sorted by partition and written; sorting holds them twice more. The
#: more partitions, the more is held, so that a file is opened for some thousand bytes, and not for a line.
BUFFER_BYTES, BYTES_OF_PARTITION, MOST_BYTES = 16 * 2**20, 16 * 2**10, 128 * 2**20


#: What is looked at in one go.
BLOCK = 2**18


def numbers_of(numbers: np.ndarray) -> pa.Array:
    """The same numbers for Arrow, whose own conversion would import pandas first."""
    numbers = numbers.astype(np.int64, copy=False)
    return pa.Array.from_buffers(pa.int64(), len(numbers), [None, pa.py_buffer(numbers)])


class Staged:
    """One file so far."""

    def __init__(self, path: str) -> None:
        self.path, self.rows, self.bytes = path, 0, 0


class Staging:
    """Files by partition, in a folder beside them whose name readers and the registration skip."""

    def __init__(self, output: str, header: bytes) -> None:
        self.output, self.header = output, header
        os.makedirs(output, exist_ok=True)
        self.folder = tempfile.mkdtemp(prefix=".write_partitions-", dir=output)
        #: By the partition's folder, in the order of their numbers.
        self.files: dict[str, Staged] = {}
        self.numbers: dict[str, int] = {}
        self.lines: list[pa.Array] = []
        self.codes: list[np.ndarray] = []
        self.waiting = self.line_ends = 0

    def __enter__(self) -> "Staging":
        return self

    def __exit__(self, *_: Any) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    def number(self, partition: str) -> int:
        """What stands for a partition in {@link add}."""
        number = self.numbers.setdefault(partition, len(self.numbers))
        if number == len(self.files):
            self.files[partition] = Staged(os.path.join(self.folder, str(number)))
        return number

    def add(self, lines: pa.Array, partitions: np.ndarray) -> None:
        """Some lines more, and for each the number of its partition."""
        self.lines.append(lines)
        self.codes.append(partitions)
        self.waiting += lines.nbytes
        if self.waiting >= min(MOST_BYTES, BUFFER_BYTES + BYTES_OF_PARTITION * len(self.files)):
            self.flush()

    def flush(self) -> None:
        if not self.lines:
            return
        lines, codes = pa.concat_arrays(self.lines), np.concatenate(self.codes)
        self.lines, self.codes, self.waiting = [], [], 0
        if len(self.files) > 1:
            # Numbers of one or two bytes are sorted without a comparison.
            order = np.argsort(codes.astype(np.min_scalar_type(len(self.files))), kind="stable")
            lines = lines.take(numbers_of(order))
        _, offsets, data = lines.buffers()
        counts = np.bincount(codes, minlength=len(self.files))
        ends = np.cumsum(counts)
        stops = np.frombuffer(offsets, np.int32)[ends + lines.offset].tolist()
        begin = int(np.frombuffer(offsets, np.int32)[lines.offset])
        view = memoryview(data)
        for staged, rows, stop in zip(self.files.values(), counts.tolist(), stops):
            if rows > 0:
                self._append(staged, view[begin:stop])
                staged.rows += rows
            begin = stop

    def _append(self, staged: Staged, data: memoryview) -> None:
        # No cell holds a line break: these are the rows that are really there.
        for start in range(0, len(data), BLOCK):
            block = np.frombuffer(data[start : start + BLOCK], np.uint8)
            self.line_ends += int(np.count_nonzero(block == ord("\n")))
        with open(staged.path, "ab", buffering=0) as file:
            for part in (data,) if staged.rows else (memoryview(self.header), data):
                staged.bytes += len(part)
                # A write may take less than it is given.
                while part:
                    part = part[file.write(part) :]

    def publish(self, name: str, replace: bool, rows: int, subject: str) -> tuple[int, dict[str, int]]:
        """Puts the files in their places, when they hold all the rows and nothing stands in the way."""
        self.flush()
        stored = all(os.path.getsize(staged.path) == staged.bytes for staged in self.files.values())
        if not rows == self.line_ends == sum(staged.rows for staged in self.files.values()) or not stored:
            there = f"{rows} rows came in, {self.line_ends} are in the files"
            raise RuntimeError(f"{subject}: {there}; nothing was written")
        self._refuse_others(name, replace, subject)
        for partition, staged in self.files.items():
            folder = os.path.join(self.output, partition)
            os.makedirs(folder, exist_ok=True)
            os.replace(staged.path, os.path.join(folder, name))
        size = sum(staged.bytes for staged in self.files.values())
        return size, {"/".join(filter(None, (partition, name))): s.rows for partition, s in self.files.items()}

    def _refuse_others(self, name: str, replace: bool, subject: str) -> None:
        problems = Problems()
        for partition in self.files:
            folder = os.path.join(self.output, partition)
            for entry in sorted(os.listdir(folder)) if os.path.isdir(folder) else []:
                if entry == name and not replace:
                    what = "is there already, and its rows would be lost; give all rows in one call, or replace=True"
                elif entry in (name, os.path.basename(self.folder)):
                    continue
                else:
                    what = f"lies beside '{name}', and readers take every file of a partition for rows; remove it"
                problems.add(Problem(f"'{os.path.join(partition, entry)}'", what))
        problems.refuse(subject)
