import { deepEqual, equal, match } from "node:assert/strict";
import fc from "fast-check";
import { COLUMN_TYPES } from "../../contract/columns";
import { misreading, otherNumber, readValue, viewMisreading } from "../../contract/csvValues";

describe("what a reader gets that the writer did not mean", () => {
  const cases: readonly (readonly [type: string, text: string, misread: RegExp | undefined])[] = [
    ["bigint", "12", undefined],
    ["bigint", "-12", undefined],
    ["bigint", "1.56", /is read as 1: decimals are cut/],
    ["bigint", "1e3", /NULL/],
    ["bigint", "9223372036854775808", /NULL/],
    ["int", "1,000", /NULL/],
    ["int", "nan", /NULL/],
    ["boolean", "1", /NULL; write true or false/],
    ["boolean", "t", /NULL/],
    ["boolean", "TRUE", undefined],
    ["date", "2021-12-01", undefined],
    ["date", "2021/12/01", /NULL; write yyyy-MM-dd/],
    ["date", "2021-02-30", /is read as 2021-03-02/],
    ["date", "2021-12-01 09:00:00", /is read as 2021-12-01/],
    ["date", "2021-12-01 00:00:00", undefined],
    ["date", "20211201", /NULL/],
    ["timestamp", "2021-12-01 09:00:00", undefined],
    ["timestamp", "2021-12-01T09:00:00", /NULL; write yyyy-MM-dd HH:mm:ss/],
    ["timestamp", "2021-12-01 25:00:00", /is read as 2021-12-02/],
    ["timestamp", "2021-12-01 09:00:00+09:00", /NULL/],
    ["date", "05-01-21", /is read as 0005-01-21/],
    ["date", "0000-01-01", /is read as 0000-01-01/],
    ["timestamp", "31-01-01 10:00:00", /is read as 0031-01-01/],
    ["timestamp", "2021-12-01 10:61:00", /is read as 2021-12-01 11:01:00/],
    ["timestamp", "2021-12-01 10:00:75", /is read as 2021-12-01 10:01:15/],
    ["timestamp", "2021-12-1 1:2:3.25", undefined],
    ["double", "1e3", undefined],
    ["double", "1e999", /Infinity: it is too large/],
    ["double", "１．５", /NULL/],
    ["float", "NaN", undefined],
    ["string", "何でも", undefined],
  ];
  for (const [type, text, misread] of cases)
    it(`of '${text}' in a ${type}`, () => {
      const said = misreading(type, text);
      if (misread === undefined) equal(said, undefined);
      else match(said ?? "", misread);
    });

  it("is another number where a floating one has no room for it", () => {
    const other: readonly [type: string, text: string, other: RegExp][] = [
      ["double", "9007199254740993", /is read as 9007199254740992/],
      ["double", "-99999999999999999999", /is read as -100000000000000000000/],
      ["double", "1e-400", /is read as 0/],
      ["float", "16777217", /is read as 16777216/],
    ];
    for (const [type, text, said] of other) match(otherNumber(type, text) ?? "", said);
    for (const text of ["16777216", "0.1", "-0.0", "0e5", "007", "1e300", "NaN", "17.933333333333334", "x", ""])
      for (const type of ["float", "double", "string"]) equal(otherNumber(type, text), undefined, `${type} ${text}`);
    // As Python, JavaScript, Arrow and Java write them.
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        for (const text of [String(value), value.toPrecision(17), BigInt(Math.trunc(value)).toString()])
          equal(otherNumber("double", text), undefined, text);
      }),
    );
  });

  it("is what a typed view makes of a text, by the rules of casts", () => {
    for (const [type, text] of [
      ["int", "abc"],
      ["int", "1.5"],
      ["date", "2021/12/01"],
      ["timestamp", "x"],
    ] as const)
      match(viewMisreading(type, text) ?? "", new RegExp(`is not this ${type} in the typed view`));
    for (const [type, text] of [
      ["int", "7"],
      ["int", ""],
      ["boolean", "1"],
      ["timestamp", "2021-12-01 10:00"],
    ] as const)
      equal(viewMisreading(type, text), undefined, `${type} ${text}`);
  });

  it("is nothing where the cell is empty, in any type", () => {
    for (const type of COLUMN_TYPES) equal(misreading(type, ""), undefined);
  });

  it("is nothing for whole numbers that fit, days that exist and plain texts", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (value) => {
        deepEqual(
          [misreading("bigint", String(value)), readValue("bigint", String(value))],
          [undefined, String(value)],
        );
      }),
    );
    const day = fc.date({ min: new Date("0001-01-01"), max: new Date("9999-12-31"), noInvalidDate: true });
    fc.assert(fc.property(day, (at) => misreading("date", at.toISOString().slice(0, 10)) === undefined));
    fc.assert(fc.property(fc.string(), (text) => misreading("string", text) === undefined));
  });
});
