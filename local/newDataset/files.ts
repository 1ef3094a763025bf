import { LONGEST_COMMENT } from "../../contract/rules/keys";
import type { SampleColumn } from "./sample";

/** What a new dataset is made of. */
export interface NewDataset {
  readonly name: string;
  readonly partitionKey: string;
  readonly timeZone: string;
  readonly columns: readonly SampleColumn[];
  /** Whether cells need quotes. */
  readonly quoted: boolean;
  /** Name of the sample file. */
  readonly sample: string;
}

const text = (value: string): string => JSON.stringify(value);
/** `daily_sales` → `dailySales`. */
export const constantOf = (name: string): string =>
  name.replace(/_+([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

/** `dataset.ts`. */
export function declarationText({ name, partitionKey, timeZone, columns, quoted }: NewDataset): string {
  const lines = columns.map(
    ({ header, name: column, type }) => `    column(${text(column)}, ${text(type)}, ${text(commentOf(header))}),`,
  );
  return `import { csv } from "../../contract/csv";
import { column } from "../../contract/columns";
import { defineDataset } from "../../contract/dataset";
import { outputOf, raw } from "../../contract/inputs";
import { dateKey } from "../../contract/keys";

/** What one row means, in a sentence. */
export const ${constantOf(name)} = defineDataset({
  name: ${text(name)},
  description: ${text(name)},
  prefix: ${text(name)},
  partitionKeys: [dateKey(${text(partitionKey)}, { timeZone: ${text(timeZone)} })],
  // The order is the order in the file. ${
    quoted
      ? 'With a quote all is text: column(…, { viewType: "bigint" }) says what it means.'
      : "Narrow the types, and say in the comments what a reader must know."
  }
  columns: [
${lines.join("\n")}
  ],
  format: csv(${quoted ? `{ quote: '"' }` : ""}),
  steps: [
    { name: "extract_step", script: "extract.py", inputs: { raw }, outputs: { extract: "execution" } },
    {
      name: "transform_step",
      script: "transform.py",
      inputs: { extract: outputOf("extract_step", "extract") },
      outputs: { transform: "table" },
    },
  ],
});
`;
}

/** Of one line, cut where a declaration takes no more; a character is not cut in two. */
function commentOf(header: string): string {
  const bytes = new TextEncoder().encode(header.replace(/\s+/g, " ").trim());
  return new TextDecoder().decode(bytes.subarray(0, LONGEST_COMMENT), { stream: true });
}

/**
 * `extract.py`, from that of the bundled dataset: other columns, the same care.
 *
 * @throws Error when the bundled script is no longer what this knows
 */
export function extractText(bundled: string, { name, columns }: NewDataset): string {
  const renamed = columns.map(({ header, name: column }) => `    ${text(header)}: ${text(column)},`);
  return [
    [
      /^"""Extract: raw weather observations become one CSV of features\.$/m,
      `"""Extract: the raw files of '${name}' become one CSV.`,
    ],
    [
      /^# 元データの列名.*$/m,
      "# Column of the raw files -> column of the table. transform.py takes the columns from here.",
    ],
    [/^RENAMED = \{.*\}$/m, `RENAMED = {\n${renamed.join("\n")}\n}`],
    [/^KEPT = \[.*\]$/m, "KEPT = [*RENAMED]"],
    [
      /description="Raw weather observations become one CSV of features\."/,
      `description="The raw files of '${name}' become one CSV."`,
    ],
  ].reduce((script, [pattern, replacement]) => replaced(script, pattern as RegExp, replacement as string), bundled);
}

function replaced(script: string, pattern: RegExp, replacement: string): string {
  if (!pattern.test(script)) throw new Error(`datasets/features/extract.py has no ${String(pattern)}`);
  return script.replace(pattern, () => replacement);
}

/** `test_scripts.py`: the sample through both scripts. */
export function testText({ name, partitionKey, sample }: NewDataset): string {
  return `"""Runs the two scripts as SageMaker does: as processes, in a folder shaped like the container's."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pandas as pd

HERE = Path(__file__).parent
SAMPLE = HERE / "sample" / ${text(sample)}
# The day's folder: a change of the partition keys in dataset.ts changes it too.
PARTITION = ${text(`${partitionKey}=2021-12-01`)}
# The declaration, as the job gets it in dataset.json.
DATASET = json.loads(subprocess.run(
    ["node", "--import", "tsx", "--print", "require(process.argv[1]).datasetJson(require(process.argv[2]).${constantOf(name)})",
     "../../contract/document", "./dataset"],
    cwd=HERE, stdout=subprocess.PIPE, check=True, encoding="utf-8",
).stdout)


def run(script, base):
    result = subprocess.run(
        [sys.executable, str(HERE / script), "--process-date", "2021-12-01"],
        env={"PROCESSING_DIR": str(base), "PATH": os.environ["PATH"], "PYTHONUTF8": "1"},
        cwd=base,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
    )
    assert result.returncode == 0, result.stderr
    return base / "output"


def test_the_sample_becomes_one_partition_with_all_of_its_rows(tmp_path):
    first, second = tmp_path / "extract", tmp_path / "transform"
    (first / "input" / "raw").mkdir(parents=True)
    (first / "input" / "raw" / SAMPLE.name).write_bytes(SAMPLE.read_bytes())
    extracted = run("extract.py", first) / "extract.csv"

    for folder in ("extract", "dataset"):
        (second / "input" / folder).mkdir(parents=True)
    (second / "input" / "extract" / "extract.csv").write_bytes(extracted.read_bytes())
    (second / "input" / "dataset" / "dataset.json").write_text(json.dumps(DATASET), encoding="utf-8")
    output = run("transform.py", second)

    files = [path for path in output.rglob("*") if path.is_file()]
    assert [path.relative_to(output).as_posix() for path in files] == [f"{PARTITION}/partition.csv"]
    form = DATASET["format"]
    written = pd.read_csv(
        files[0], sep=form["delimiter"], header=0 if form["header"] else None, dtype=str, keep_default_na=False
    )
    expected = pd.read_csv(SAMPLE, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    assert len(written) == len(expected) > 0
    assert len(written.columns) == len(DATASET["columns"])
`;
}

/** `datasets/index.ts` with one dataset more; undefined when it is not as this knows it. */
export function indexText(index: string, name: string): string | undefined {
  const constant = constantOf(name);
  const list = /defineDatasets\(\[([^\]]*)\]\)/.exec(index)?.[1];
  if (list === undefined) return undefined;
  const line = `import { ${constant} } from "./${name}/dataset";\n`;
  if (index.includes(line)) return index;
  const last = [...index.matchAll(/^import .*\n/gm)].at(-1);
  if (last === undefined) return undefined;
  const end = last.index + last[0].length;
  const withImport = index.slice(0, end) + line + index.slice(end);
  const items = [...list.split(",").map((item) => item.trim()), constant].filter((item) => item !== "");
  return withImport.replace(/defineDatasets\(\[[^\]]*\]\)/, () => `defineDatasets([${items.join(", ")}])`);
}
