"""Detect: the days of each place whose weather is unlike its other days.

    <input>/weather/*.csv, <input>/dataset/dataset.json
        ->  <output>/process_date_jst=2021-12-01/partition.csv

An isolation forest (scikit-learn) separates each day from the others by random cuts; few cuts mean a rare day. With a
fixed seed the same input gives the same rows.
"""

import argparse
import csv
import datetime
import glob
import json
import os
import sys

import pandas as pd
from sklearn.ensemble import IsolationForest

BASE = os.environ.get("PROCESSING_DIR", "/opt/ml/processing")
WEATHER = os.path.join(BASE, "input", "weather")
DATASET = os.path.join(BASE, "input", "dataset", "dataset.json")
OUTPUT = os.path.join(BASE, "output")

MEASURED = ["precipitation", "temp_max", "temp_min", "wind"]
RENAMED = {"date": "observed_on"}
# 100日に2日を「珍しい日」とする。
RARE = 0.02


def day(text: str) -> datetime.date:
    """The day written as YYYY-MM-DD; anything else is refused."""
    try:
        return datetime.datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{text}' is not a day written as YYYY-MM-DD, such as 2021-12-01") from None


def read() -> pd.DataFrame:
    """All observations; exits when there are none, or a measurement is no number."""
    paths = sorted(glob.glob(os.path.join(WEATHER, "*.csv")))
    if not paths:
        sys.exit(f"no *.csv in {WEATHER}; put the raw files there")
    try:
        weather = pd.concat([pd.read_csv(path, dtype=dict.fromkeys(MEASURED, "float64")) for path in paths])
    except ValueError as error:
        sys.exit(f"the weather is not readable: {error}")
    missing = [name for name in ["location", "date", *MEASURED] if name not in weather.columns]
    if missing:
        sys.exit(f"no column {', '.join(map(repr, missing))}; there is {', '.join(map(repr, weather.columns))}")
    gaps = int(weather[MEASURED].isna().any(axis=1).sum())
    if weather.empty or gaps > 0:
        sys.exit(f"{len(weather)} observations, {gaps} of them with an empty measurement; a forest needs all of them")
    return weather.rename(columns=RENAMED).reset_index(drop=True)


def rare(place: pd.DataFrame) -> pd.DataFrame:
    """The rare days of one place, the rarest first."""
    forest = IsolationForest(contamination=RARE, random_state=0)
    scored = place.assign(rare=forest.fit_predict(place[MEASURED]) < 0, score=forest.score_samples(place[MEASURED]).round(6))
    return scored[scored["rare"]].sort_values(["score", "observed_on"])


def main() -> None:
    parser = argparse.ArgumentParser(description="Write the days whose weather is unlike the others.")
    parser.add_argument("--process-date", type=day, nargs="+", action="extend", required=True, metavar="YYYY-MM-DD")
    args = parser.parse_args()

    with open(DATASET, encoding="utf-8") as file:
        dataset = json.load(file)
    form = dataset["format"]
    [key] = dataset["partitionKeys"]

    weather = read()
    # 観測地ごとに調べる: 乾いた土地の雨は、雨の多い土地では珍しくない。
    found = pd.concat([rare(place) for _, place in weather.groupby("location", sort=True)])
    table = found[[column["name"] for column in dataset["columns"]]]
    if table.empty:
        sys.exit(f"none of {len(weather)} days is rare; an empty partition would look like a day without data")

    for process_date in args.process_date:
        folder = os.path.join(OUTPUT, f"{key['name']}={process_date.isoformat()}")
        os.makedirs(folder, exist_ok=True)
        try:
            table.to_csv(
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
        print(f"{len(table)} of {len(weather)} days are rare")


if __name__ == "__main__":
    main()
