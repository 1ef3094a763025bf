import { DuckDBInstance, type DuckDBConnection } from "@duckdb/node-api";
import fc from "fast-check";
import { deepEqual, equal, ok } from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { COLUMN_TYPES } from "../../contract/columns";
import { verdictOf } from "../../contract/lock/changes";
import { columnDifferences, WIDER, type Difference } from "../../contract/lock/columns";
import type { LockedColumn } from "../../contract/lock/lock";
import { sqlType } from "../../local/query/types";

const columns = fc.uniqueArray(
  fc.record({ name: fc.constantFrom("a", "b", "c", "d", "e", "f"), type: fc.constantFrom(...COLUMN_TYPES) }),
  { selector: ({ name }) => name, maxLength: 6 },
);
const isBreaking = (difference: Difference) => verdictOf({ dataset: "", ...difference }) === "breaking";

/** The Athena user guide's table of data types that may be changed ("Types of updates"). */
const ATHENA: Readonly<Record<string, readonly string[]>> = {
  string: ["byte", "tinyint", "smallint", "int", "bigint"],
  byte: ["tinyint", "smallint", "int", "bigint"],
  tinyint: ["smallint", "int", "bigint"],
  smallint: ["int", "bigint"],
  int: ["bigint"],
  float: ["double"],
};

describe("columns in the lock", () => {
  it("are taken exactly when the old ones are still the first, with types that hold all their values", () => {
    fc.assert(
      fc.property(columns, columns, (before, after) => {
        const fits = before.every(({ name, type }, index) => {
          const now = after[index];
          return now?.name === name && (now.type === type || (WIDER[type] ?? []).includes(now.type));
        });
        equal(!columnDifferences(before, after).some(isBreaking), fits);
      }),
    );
  });

  it("differ exactly when names, order or types do", () => {
    fc.assert(
      fc.property(columns, columns, (before, after) => {
        equal(columnDifferences(before, after).length === 0, JSON.stringify(before) === JSON.stringify(after));
      }),
    );
  });

  it("name each column that came or went exactly once", () => {
    fc.assert(
      fc.property(columns, columns, (before, after) => {
        const names = (list: readonly LockedColumn[]) => list.map(({ name }) => name);
        const found = columnDifferences(before, after).filter(({ kind }) =>
          /appended|inserted|removed|renamed/.test(kind),
        );
        const gone = names(before).filter((name) => !names(after).includes(name));
        const come = names(after).filter((name) => !names(before).includes(name));
        const told = found.flatMap(({ kind, subject, to }) => [
          ...(/removed|renamed/.test(kind) ? [`-${/'(.*)'/.exec(subject)?.[1] ?? ""}`] : []),
          ...(kind === "column-renamed" ? [`+${/'(.*)'/.exec(to ?? "")?.[1] ?? ""}`] : []),
          ...(/appended|inserted/.test(kind) ? [`+${/'(.*)'/.exec(subject)?.[1] ?? ""}`] : []),
        ]);
        deepEqual(told.sort(), [...gone.map((name) => `-${name}`), ...come.map((name) => `+${name}`)].sort());
      }),
    );
  });

  it("are widened only to types that Athena takes", () => {
    for (const [from, wider] of Object.entries(WIDER))
      for (const to of wider) ok(ATHENA[from]?.includes(to), `${from} to ${to}`);
  });

  describe("as DuckDB reads files that were written before", () => {
    let connection: DuckDBConnection;
    before(async () => {
      connection = await (await DuckDBInstance.create(":memory:")).connect();
    });
    after(() => connection.closeSync());

    const value = async (sql: string): Promise<unknown> => (await connection.runAndReadAll(sql)).getRowsJson()[0]?.[0];
    /** Cells at the ends of each type that is ever widened. */
    const cells: Readonly<Record<string, readonly string[]>> = {
      tinyint: ["-128", "127", "0"],
      smallint: ["-32768", "32767"],
      int: ["-2147483648", "2147483647"],
      float: ["1.5", "-0.25", "16777216"],
    };

    for (const [from, wider] of Object.entries(WIDER))
      for (const to of wider)
        it(`mean the same as ${to} where they were ${from}`, async () => {
          ok((cells[from] ?? []).length > 0);
          for (const cell of cells[from] ?? []) {
            const types = [from, to].map((type) => sqlType(type));
            const [old, now] = types.map((type) => `CAST('${cell}' AS ${type})`);
            equal(await value(`SELECT ${old} = ${now} AND ${now} IS NOT NULL`), true, cell);
          }
        });

    it("have null in a column that was appended later, and their cells elsewhere", async () => {
      const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), "lock-")), "partition.csv");
      fs.writeFileSync(file, "1,x\n2,y\n");
      const types = "{'a': 'INTEGER', 'b': 'VARCHAR', 'c': 'VARCHAR'}";
      const options = `auto_detect = false, header = false, delim = ',', null_padding = true, columns = ${types}`;
      const rows = await connection.runAndReadAll(`SELECT a, b, c FROM read_csv('${file}', ${options}) ORDER BY a`);
      deepEqual(rows.getRowsJson(), [
        [1, "x", null],
        [2, "y", null],
      ]);
    });
  });
});
