"""Transform: the columns of the table, in its order, one folder for each partition.

    <input>/extract/extract.csv, <input>/dataset/dataset.json
        ->  <output>/process_date_jst=2021-12-01/partition.csv (no index; a header only if the dataset declares one)

The folder's name is all it takes to make an S3 partition: SageMaker Processing mirrors the output folder to the
table's location as it is. On a laptop PROCESSING_DIR names a folder of the same shape.
"""

import argparse
import csv
import datetime
import json
import os
import re
import sys

import pandas as pd

BASE = os.environ.get("PROCESSING_DIR", "/opt/ml/processing")
EXTRACT = os.path.join(BASE, "input", "extract", "extract.csv")
DATASET = os.path.join(BASE, "input", "dataset", "dataset.json")
OUTPUT = os.path.join(BASE, "output")

# dataset.json の日付書式 (Java) → Python の書式。HH は「日」だけでは決まらないので含めない。
DATE_FORMATS = {
    "yyyy-MM-dd": "%Y-%m-%d",
    "yyyyMMdd": "%Y%m%d",
    "yyyy-MM": "%Y-%m",
    "yyyy": "%Y",
    "MM": "%m",
    "dd": "%d",
}


def day(text: str) -> datetime.date:
    """The day written as YYYY-MM-DD; anything else is refused."""
    try:
        value = datetime.date.fromisoformat(text)
    except ValueError:
        value = None
    # fromisoformat alone also takes 20211201 and 2021-W48-3.
    if value is None or value.isoformat() != text:
        raise argparse.ArgumentTypeError(f"'{text}' is not a day written as YYYY-MM-DD, such as 2021-12-01")
    return value


def read(path: str) -> pd.DataFrame:
    """The CSV with its cells exactly as they are written; exits when it cannot be read or has no rows."""
    name = os.path.basename(path)
    try:
        # dtype=str, keep_default_na=False: "007" も "NA" も空のセルも、読んだ文字のまま書く。
        table = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8")
    except FileNotFoundError:
        sys.exit(f"no {path}; run extract.py first and put its output there")
    except pd.errors.EmptyDataError:
        table = pd.DataFrame()
    except (UnicodeDecodeError, pd.errors.ParserError) as error:
        sys.exit(f"{name}: not a readable CSV: {error}")
    if table.empty:
        sys.exit(f"{name}: no rows; an empty partition would look like a day without data")
    return table


def select(table: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """The declared columns in declared order: the table reads CSV by position, not by name."""
    missing = [name for name in columns if name not in table.columns]
    if missing:
        sys.exit(
            f"extract.csv: no column {', '.join(map(repr, missing))}, which dataset.json declares; "
            f"the file has {', '.join(map(repr, table.columns))}"
        )
    return table[columns]


def check_cells(table: pd.DataFrame, form: dict) -> None:
    """Exits at the first cell that readers would take for something else.

    No dialect carries a line break. Without quotes and escapes a delimiter in a cell shifts the row in silence, and a
    quote becomes part of the value. The text of null is null, unless it is the empty text: that says the same.
    """
    # 読み手 (Athena など) は何も言わずにずれた値を返すので、書く前に止める。
    delimiter, quote, escape, null = form["delimiter"], form.get("quote"), form.get("escape"), form.get("nullText")
    problems = {"a line break": r"[\r\n]", "a NUL character": "\0"}
    if quote is None and escape is None:
        problems |= {f"the delimiter {delimiter!r}": re.escape(delimiter), "a double quote": '"'}
    # エスケープを含む null の文字列は、値として書くとエスケープされるので区別できる。
    if null and not (escape and escape in null):
        problems[f"the text {null}, which is read as null"] = rf"\A{re.escape(null)}\Z"
    for name in table.columns:
        for what, pattern in problems.items():
            bad = table.index[table[name].str.contains(pattern, regex=True)]
            if len(bad) > 0:
                sys.exit(
                    f"row {bad[0] + 1}, column '{name}': the cell {table.at[bad[0], name]!r} holds {what}; "
                    f"the table's CSV cannot carry it ({len(bad)} such cell(s)). Clean it in the script before writing"
                )
    if quote is None and len(table.columns) == 1 and (empty := table.index[table.iloc[:, 0] == ""]).size > 0:
        sys.exit(f"row {empty[0] + 1}, column '{table.columns[0]}': an empty cell alone is an empty line, not a row")


def write(table: pd.DataFrame, path: str, form: dict) -> None:
    """The rows in the declared dialect, as the table's SerDe reads it."""
    quote, escape = form.get("quote"), form.get("escape")
    if quote is None:
        options = {"quoting": csv.QUOTE_NONE, "escapechar": escape}
    else:
        # 全セルを引用符で囲む: 引用符の外では、読み手 (OpenCSVSerde) はエスケープ文字を捨てることがある。
        options = {"quoting": csv.QUOTE_ALL, "quotechar": quote}
        table = table.apply(lambda column: column.str.replace(escape, escape * 2, regex=False))
    table.to_csv(
        path,
        sep=form["delimiter"],
        header=form["header"],
        index=False,
        lineterminator=form["newline"],
        encoding=form["encoding"],
        **options,
    )


def partition_of(keys: list[dict], process_date: datetime.date) -> list[tuple[str, str]]:
    """The value of every key on that day, outermost folder first."""
    for key in keys:
        if key["kind"] != "date" or key["format"] not in DATE_FORMATS:
            sys.exit(
                f"partition key '{key['name']}': a day does not name a value for it (kind {key['kind']}, "
                f"format {key.get('format')}); this script knows dates as {', '.join(DATE_FORMATS)}"
            )
    return [(key["name"], process_date.strftime(DATE_FORMATS[key["format"]])) for key in keys]


def main() -> None:
    parser = argparse.ArgumentParser(description="Write the partition of each given day.")
    parser.add_argument("--process-date", type=day, nargs="+", action="extend", required=True, metavar="YYYY-MM-DD")
    args = parser.parse_args()

    with open(DATASET, encoding="utf-8") as file:
        dataset = json.load(file)

    # 全部検査してから書き始める: 途中で失敗しても、書きかけのパーティションは残らない。
    partitions = [partition_of(dataset["partitionKeys"], process_date) for process_date in args.process_date]
    table = select(read(EXTRACT), [column["name"] for column in dataset["columns"]])
    check_cells(table, dataset["format"])

    for partition in partitions:
        # ここが要点: S3 を意識せず、ローカルに key=val のフォルダを作って書くだけ。
        path = os.path.join(OUTPUT, *(f"{key}={value}" for key, value in partition), "partition.csv")
        os.makedirs(os.path.dirname(path), exist_ok=True)
        write(table, path, dataset["format"])
        print(f"{os.path.relpath(path, OUTPUT)}: {len(table)} rows")


if __name__ == "__main__":
    main()
