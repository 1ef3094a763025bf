"""Extract: raw weather observations become one CSV of features.

    <input>/raw/*.csv  ->  <output>/extract.csv (with a header)

There is no S3 in here: SageMaker Processing fills the input folder before this script starts, and uploads the output
folder when it has ended well. On a laptop PROCESSING_DIR names a folder of the same shape.
"""

import argparse
import csv
import datetime
import glob
import os
import sys

import pandas as pd

BASE = os.environ.get("PROCESSING_DIR", "/opt/ml/processing")
RAW = os.path.join(BASE, "input", "raw")
OUTPUT = os.path.join(BASE, "output")

# 元データの列名 → 特徴量の列名。残りの列(観測地と日付)はここでは捨てず、transform.py が列を選ぶ。
RENAMED = {"temp_max": "feature1", "temp_min": "feature2", "weather": "y"}
KEPT = ["location", "date", *RENAMED]


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
    """The CSV with its cells exactly as they are written; exits when it has no rows or rows of uneven length."""
    name = os.path.basename(path)
    try:
        with open(path, encoding="utf-8-sig", newline="") as file:
            header, *rows = [row for row in csv.reader(file) if row] or [[]]
        # dtype=str, keep_default_na=False: "007" も "NA" も空のセルも、読んだ文字のまま次へ渡す。
        table = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig") if rows else pd.DataFrame()
    except UnicodeDecodeError as error:
        sys.exit(f"{name}: not UTF-8 ({error}); save the file as UTF-8")
    except (csv.Error, pd.errors.ParserError) as error:
        sys.exit(f"{name}: not a readable CSV: {error}")
    # pandas pads a short row with empty cells and says nothing, so lengths are compared here.
    for number, row in enumerate(rows, start=1):
        if len(row) != len(header):
            sys.exit(f"{name}: row {number} has {len(row)} cells, the header has {len(header)}")
    if not rows:
        sys.exit(f"{name}: no rows below the header; nothing to extract")
    return table


def main() -> None:
    parser = argparse.ArgumentParser(description="Raw weather observations become one CSV of features.")
    # パイプラインは全ステップに同じ引数を渡す。抽出の結果は処理日によらないので、ここでは検証だけする。
    parser.add_argument("--process-date", type=day, nargs="+", action="extend", required=True, metavar="YYYY-MM-DD")
    parser.parse_args()

    paths = sorted(glob.glob(os.path.join(RAW, "*.csv")))
    if not paths:
        sys.exit(f"no *.csv in {RAW}; put the raw files there")

    tables = []
    for path in paths:
        table = read(path)
        missing = [name for name in KEPT if name not in table.columns]
        if missing:
            sys.exit(
                f"{os.path.basename(path)}: no column {', '.join(map(repr, missing))}; "
                f"the file has {', '.join(map(repr, table.columns))}"
            )
        tables.append(table[KEPT].rename(columns=RENAMED))
    extract = pd.concat(tables, ignore_index=True)

    os.makedirs(OUTPUT, exist_ok=True)
    extract.to_csv(os.path.join(OUTPUT, "extract.csv"), index=False, encoding="utf-8", lineterminator="\n")
    print(f"extract.csv: {len(extract)} rows from {len(paths)} file(s)")


if __name__ == "__main__":
    main()
