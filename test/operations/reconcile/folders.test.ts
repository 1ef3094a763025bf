import { deepEqual, equal, match } from "node:assert/strict";
import { count } from "../../../operations/reconcile/outcome";
import { useLake } from "../../support/laptop";

const bytes = (text: string) => new TextEncoder().encode(text);
/** 晴れ in Shift_JIS. */
const SHIFT_JIS = [0x90, 0xb0, 0x82, 0xea];
const utf16 = (text: string) => new Uint8Array(Buffer.from(`\ufeff${text}`, "utf16le"));

describe("a folder that no reader could read", () => {
  const lake = useLake();
  const day = "process_date_jst=2021-12-01/";
  const row = "a,b,1\n";
  const folders: [title: string, files: Record<string, string | Uint8Array>, reason: RegExp][] = [
    ["nothing in it", {}, /^no data file: did the script write this day\?$/],
    ["only _SUCCESS", { _SUCCESS: "" }, /^no data file, only 1 hidden ones$/],
    ["only markers", { _$folder$: "", ".part.tmp": "x", "_tmp/a.csv": row, "": "" }, /^no data file, only 4 hidden/],
    ["a file of 0 bytes", { "partition.csv": "" }, /^'partition\.csv' is empty$/],
    [
      "a folder in it",
      { "part/partition.csv": row },
      /^'partition\.csv' lies in a folder below the partition; write it/,
    ],
    ["a header", { "partition.csv": `feature1,feature2,y\n${row}` }, /begins with a header/],
    ["a byte order mark", { "partition.csv": `\ufeff${row}` }, /byte order mark/],
    ["Windows line ends", { "partition.csv": "a,b,1\r\n" }, /Windows line ends/],
    ["UTF-16", { "partition.csv": utf16(row) }, /NUL byte/],
    ["Shift_JIS", { "partition.csv": new Uint8Array([...SHIFT_JIS, ...bytes(",b,1\n")]) }, /Shift_JIS/],
    ["a column too few", { "partition.csv": "a,1\n" }, /has 2 columns, the table 3/],
    [
      "one good and two bad files, and names both",
      { "a.csv": row, "b.csv": "", "c.csv": "1\n" },
      /^'b\.csv' is empty; the first line of 'c\.csv' has 1 columns/,
    ],
  ];
  for (const [title, files, reason] of folders)
    it(`rejects a folder with ${title}: nothing is registered, nothing deleted`, async () => {
      const table = await lake.table();
      for (const [name, body] of Object.entries(files)) await lake.put(table, day + name, body);
      const before = await lake.files(table);
      const outcomes = await lake.reconcile(table, { process_date_jst: "2021-12-01" });
      deepEqual([count(outcomes).requested, count(outcomes).rejected], [1, 1]);
      match(outcomes[0]?.reason ?? "", reason);
      deepEqual(await lake.partitions(table), {});
      deepEqual(await lake.files(table), before);
      equal(
        lake.faults.calls.filter(({ operation }) => !/^(GET|LIST|GetTable|BatchGetPartition)$/.test(operation)).length,
        0,
      );
    });

  it("is no obstacle to markers beside a good file", async () => {
    const table = await lake.table();
    await lake.put(table, `${day}partition.csv`);
    await lake.put(table, `${day}_SUCCESS`, "");
    equal(count(await lake.reconcile(table, { process_date_jst: "2021-12-01" })).created, 1);
  });

  it("rejects it, and leaves the partition registered that an earlier run made of it", async () => {
    const table = await lake.table();
    await lake.put(table, `${day}partition.csv`);
    await lake.reconcile(table, { process_date_jst: "2021-12-01" });
    const before = await lake.partitions(table);
    await lake.put(table, `${day}partition.csv`, "broken\n");
    equal(count(await lake.reconcile(table, { process_date_jst: "2021-12-01" })).rejected, 1);
    deepEqual(await lake.partitions(table), before);
  });
});
