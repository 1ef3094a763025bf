"""Monthly: the weather of each place and month, one folder for each year.

    <input>/weather/*.csv, <input>/dataset/dataset.json
        ->  <output>/year=2012/partition.csv, and so on
"""

import argparse
import csv
import glob
import json
import os
import sys

import pandas as pd

BASE = os.environ.get("PROCESSING_DIR", "/opt/ml/processing")
WEATHER = os.path.join(BASE, "input", "weather")
DATASET = os.path.join(BASE, "input", "dataset", "dataset.json")
OUTPUT = os.path.join(BASE, "output")


def read() -> pd.DataFrame:
    """All observations with their year and month; exits when there are none, or one has no day."""
    paths = sorted(glob.glob(os.path.join(WEATHER, "*.csv")))
    if not paths:
        sys.exit(f"no *.csv in {WEATHER}; put the raw files there")
    weather = pd.concat([pd.read_csv(path) for path in paths])
    try:
        days = pd.to_datetime(weather["date"], format="%Y-%m-%d")
    except (KeyError, ValueError) as error:
        sys.exit(f"a day of the weather is not readable: {error}")
    if weather.empty or days.isna().any():
        sys.exit(f"{len(weather)} observations, {int(days.isna().sum())} of them without a day; they belong to no year")
    return weather.assign(year=days.dt.year, month=days.dt.month)


def main() -> None:
    parser = argparse.ArgumentParser(description="Write the months of each year that the weather holds.")
    # 書くのは元データにある年なので、実行日は使わない。
    parser.add_argument("--process-date", nargs="+", action="extend", required=True, metavar="YYYY-MM-DD")
    parser.parse_args()

    with open(DATASET, encoding="utf-8") as file:
        dataset = json.load(file)
    form = dataset["format"]
    [key] = dataset["partitionKeys"]

    weather = read()
    months = weather.groupby(["year", "location", "month"], as_index=False).agg(
        days=("date", "size"),
        precipitation=("precipitation", "sum"),
        temp_max=("temp_max", "max"),
        temp_min=("temp_min", "min"),
        # 同数なら名前の順で最初のもの。
        usual=("weather", lambda each: each.mode().iloc[0]),
    )
    if months["days"].sum() != len(weather):
        sys.exit(f"{len(weather)} observations, but {months['days'].sum()} in the months; some have no place")
    months["precipitation"] = months["precipitation"].round(1)

    for year, table in months.groupby("year"):
        # yyyy は4桁。
        folder = os.path.join(OUTPUT, f"{key['name']}={year:04}")
        os.makedirs(folder, exist_ok=True)
        try:
            table[[column["name"] for column in dataset["columns"]]].to_csv(
                os.path.join(folder, "partition.csv"),
                sep=form["delimiter"],
                header=form["header"],
                index=False,
                na_rep=form["nullText"],
                quoting=csv.QUOTE_NONE,
                lineterminator=form["newline"],
                encoding=form["encoding"],
            )
        except csv.Error as error:
            sys.exit(f"a cell holds a delimiter or line break, which the table's CSV cannot carry: {error}")
        print(f"{key['name']}={year:04}: {len(table)} months of {table['days'].sum()} days")


if __name__ == "__main__":
    main()
