import { ok } from "node:assert/strict";
import { column } from "../../contract/columns";
import { program, pySpark, script, sklearn } from "../../contract/compute";
import { csv } from "../../contract/csv";
import { defineDataset, type PartitionValues } from "../../contract/dataset";
import { raw } from "../../contract/inputs";
import { dateKey, enumKey, integerKey } from "../../contract/keys";
import { athena, projection, registered } from "../../contract/registration";

/*
 * The compiler is the test: `npm run typecheck` fails where a line below an expected error has none, and where any
 * other line has one. Nothing of this runs but the declaration.
 */

const frame = {
  ...{ name: "readings", description: "readings", prefix: "readings", format: csv() },
  columns: [column("temperature", "double", "℃"), column("station", "string", "")],
  steps: [{ name: "only", script: "only.py", inputs: { raw }, outputs: { rows: "table" } }],
} as const;

const partitionKeys = [
  dateKey("year", { timeZone: "Asia/Tokyo", format: "yyyy" }),
  integerKey("shard", { digits: 2 }),
  enumKey("site", { values: ["tokyo"] }),
] as const;

const dataset = defineDataset({ ...frame, partitionKeys, readers: [athena()], registration: registered() });

export const typeTests = () => {
  type Values = PartitionValues<typeof dataset>;
  const complete: Values = { year: "2021", shard: "07", site: "tokyo" };
  // @ts-expect-error 'site' is missing
  const missing: Values = { year: "2021", shard: "07" };
  // @ts-expect-error 'day' is no key
  const extra: Values = { year: "2021", shard: "07", site: "tokyo", day: "01" };
  // @ts-expect-error 'yaer' is misspelt
  const misspelt: Values = { yaer: "2021", shard: "07", site: "tokyo" };

  type ColumnName = (typeof dataset)["columns"][number]["name"];
  const known: ColumnName = "temperature";
  // @ts-expect-error 'temprature' is no column
  const unknown: ColumnName = "temprature";

  // @ts-expect-error a type that no CSV carries
  column("a", "map<string,string>", "");
  // @ts-expect-error a date format that is not known
  dateKey("day", { timeZone: "Asia/Tokyo", format: "YYYY-MM-DD" });
  // @ts-expect-error a date has a time zone
  dateKey("day", {});

  const projected = { ...frame, partitionKeys };
  defineDataset({ ...projected, registration: projection({ year: { from: "2021" }, shard: { from: 0, to: 9 } }) });
  // @ts-expect-error 'shard' has no range
  defineDataset({ ...projected, registration: projection({ year: { from: "2021" } }) });
  // @ts-expect-error a date's range is text
  defineDataset({ ...projected, registration: projection({ year: { from: 2021 }, shard: { from: 0, to: 9 } }) });
  // @ts-expect-error 'yaer' is misspelt
  defineDataset({ ...projected, registration: projection({ yaer: { from: "2021" }, shard: { from: 0, to: 9 } }) });

  const whole = { year: { from: "2021" }, shard: { from: 0, to: 9 } } as const;
  defineDataset({ ...projected, registration: projection(whole) });
  // @ts-expect-error 'too' is misspelt
  projection({ ...whole, year: { from: "2021", too: "2022" } });
  // @ts-expect-error 'yaer' is no key
  defineDataset({ ...projected, registration: projection({ ...whole, yaer: { from: "2021" } }) });
  // @ts-expect-error an enum key has no range
  defineDataset({ ...projected, registration: projection({ ...whole, site: { from: "a" } }) });

  // @ts-expect-error an output goes to the table, or to the next step
  defineDataset({ ...projected, steps: [{ name: "s", script: "s.py", inputs: { raw }, outputs: { rows: "tabel" } }] });

  // @ts-expect-error a version that SageMaker does not have
  sklearn({ version: "1.4" });
  // @ts-expect-error several instances are for what divides its work itself
  script({ instanceCount: 2 });
  // @ts-expect-error 'instanceTyp' is misspelt
  pySpark({ version: "3.5", instanceTyp: "ml.m5.large" });
  const io = { name: "s", inputs: { raw }, outputs: { rows: "table" } } as const;
  defineDataset({ ...projected, steps: [{ ...io, processor: program({ entrypoint: ["true"] }) }] });
  // @ts-expect-error a script is what Spark runs
  defineDataset({ ...projected, steps: [{ ...io, processor: pySpark({ version: "3.5" }) }] });
  return { complete, missing, extra, misspelt, known, unknown };
};

describe("the declaration's types", () => {
  it("hold for a declaration that is right; what is wrong is for the compiler to say", () => {
    ok(dataset.partitionKeys.length === 3);
  });
});
