import { deepEqual, equal, ok } from "node:assert/strict";
import * as fc from "fast-check";
import { DATE_FORMATS, dateKey, valuesAt } from "../../../contract/keys";
import { valueProblem } from "../../../contract/rules/keys";
import { formatDate, parseDate, readPattern, type DatePattern } from "../../../contract/projection/reading/pattern";
import { plus, UNITS } from "../../../contract/projection/reading/calendar";
import { DATELESS, ILLEGAL, INSTANTS, LEGAL, REFUSED, TEXTS } from "./java";

function patternOf(text: string): DatePattern {
  const pattern = readPattern(text);
  if (!("parts" in pattern)) throw new Error(`'${text}': ${pattern.rule}`);
  return pattern;
}

describe("date patterns of Java", () => {
  for (const [text, expected] of TEXTS.filter(([text]) => text.includes("y") || text.includes("u")))
    it(`writes and reads ${text} as Java does`, () => {
      const pattern = patternOf(text);
      INSTANTS.forEach((instant, index) => {
        const written = formatDate(pattern, Date.parse(instant));
        equal(written, expected[index]);
        const read = parseDate(pattern, written);
        ok(read !== undefined);
        // Two digits of a year are one of this century.
        if (!text.startsWith("yy-")) ok(read <= Date.parse(instant));
        equal(formatDate(pattern, read), written);
      });
    });

  it("has every format of a key, and the key's values are Java's", () => {
    for (const format of DATE_FORMATS) {
      const key = dateKey("d", { timeZone: "UTC", format });
      const [, texts] = TEXTS.find(([pattern]) => pattern === format) ?? [];
      deepEqual(
        INSTANTS.map((instant) => valuesAt([key], new Date(instant)).d),
        texts,
      );
    }
  });

  for (const [format, text] of REFUSED)
    it(`refuses '${text}' as ${format}, as Java does`, () => {
      equal(parseDate(patternOf(format), text), undefined);
      const known = DATE_FORMATS.find((each) => each === format);
      if (known) ok(valueProblem(dateKey("d", { timeZone: "UTC", format: known }), text));
    });

  it("refuses what Java refuses as a pattern", () => {
    for (const [text, message] of ILLEGAL) ok("rule" in readPattern(text), `${text}: ${message}`);
  });

  it("leaves patterns with words in them to Java", () => {
    for (const text of LEGAL) equal(patternOf(text).opaque, true, text);
  });

  it("refuses patterns of which Java makes no date, and says what is missing", () => {
    const fixes = DATELESS.map((text) => {
      const bad = readPattern(text);
      return `${text}: ${"fix" in bad ? bad.fix : "nothing"}`;
    });
    deepEqual(fixes, [
      "yyyy-mm-dd: write MM for the month: m is the minute",
      "YYYY-MM-DD: write yyyy-MM-dd",
      "YYYY-MM-dd: write yyyy-MM-dd",
      "yyyy-MM-DD: write d for the day",
      "MM-dd: add the year (yyyy), or project the key as an integer",
      "yyyy-dd: add the month (MM), or project the key as an integer",
      "yyyy-MM-HH: add the day (dd), or project the key as an integer",
      "HH: add the year (yyyy), or project the key as an integer",
    ]);
  });

  it("takes no day that the calendar has not, though Java takes the last one of the month", () => {
    const pattern = patternOf("yyyy-MM-dd");
    const numbers = fc.tuple(
      fc.integer({ min: 1, max: 9999 }),
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 1, max: 31 }),
    );
    fc.assert(
      fc.property(numbers, ([year, month, day]) => {
        const pad = (value: number, width: number) => String(value).padStart(width, "0");
        const text = `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}`;
        const real = new Date(`${text}T00:00:00Z`);
        const there = !Number.isNaN(real.getTime()) && real.toISOString().startsWith(text);
        equal(parseDate(pattern, text), there ? real.getTime() : undefined);
      }),
    );
  });

  it("adds months as Java does: of a day that is not there, the last one before", () => {
    const at = (text: string) => Date.parse(`${text}T10:00:00Z`);
    equal(plus(at("2024-01-31"), 1, "MONTHS"), at("2024-02-29"));
    equal(plus(at("2024-02-29"), -1, "YEARS"), at("2023-02-28"));
    equal(plus(at("2024-01-15"), -13, "MONTHS"), at("2022-12-15"));
    equal(plus(at("2024-12-31"), 12, "MONTHS"), at("2025-12-31"));
    for (const unit of UNITS) equal(plus(at("2024-02-10"), 0, unit), at("2024-02-10"));
  });
});
