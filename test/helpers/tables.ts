import { equal } from "node:assert/strict";
import fc from "fast-check";
import { column, type ColumnType } from "../../contract/columns";
import { csv, type CsvOptions } from "../../contract/csv";
import type { DatasetDocument } from "../../contract/document";
import { dateKey, enumKey, injectedKey, integerKey, DATE_FORMATS, type PartitionKey } from "../../contract/keys";
import { ESCAPINGS, type Escaping } from "../../contract/parse";
import { csvProblems } from "../../contract/rules/csv";
import { keyProblems } from "../../contract/rules/keys";

/** Cells by column. */
export type Cells = Readonly<Record<string, readonly (string | null)[]>>;
/** A table of text, and the dataset it is for. */
export interface Case {
  readonly dataset: DatasetDocument;
  readonly cells: Cells;
}
const nasty = fc.constantFrom(
  ...[
    ",",
    ";",
    "|",
    "\t",
    '"',
    "'",
    "\\",
    "^",
    "\n",
    "\r",
    "\0",
    "=",
    "/",
    "%",
    ":",
    " ",
    ".",
    "-",
    "\ufeff",
    "é",
    "e\u0301",
  ],
  ...["東", "京", "🗼", "N", "null", "a", "0", "2021", "\u2028", "[", "{", "~", "\u007f", "\u0001"],
);
const nastyText = fc.array(nasty, { maxLength: 4 }).map((parts) => parts.join(""));
const digits = (most: number) => fc.integer({ min: 0, max: most }).map(String);
const dayText = fc
  .tuple(fc.constantFrom("2021", "2020", "0000", "9999", "21"), digits(13), digits(32), digits(25), fc.boolean())
  .chain(([year, month, day, hour, padded]) => {
    const [mm, dd, hh] = [month, day, hour].map((part) => (padded ? part.padStart(2, "0") : part));
    return fc.constantFrom(
      ...[
        `${year}-${mm}-${dd}`,
        `${year}${mm}${dd}`,
        `${year}-${mm}`,
        `${year}${mm}`,
        year,
        mm ?? "",
        dd ?? "",
        hh ?? "",
      ],
      ...[`${year}-${mm}-${dd}-${hh}`, `${year}${mm}${dd}${hh}`, `${year}-${mm}-${dd} 00:00:00`],
      ...[`${year}-${mm}-${dd} ${hh}:00:59`, `${year}-${mm}-${dd} ${hh}:00:59.5`, `${year}-${mm}-${dd}T${hh}:00:59`],
    );
  });
/** Dates in a format, of which some are in no calendar. */
const dated = (format: string): fc.Arbitrary<string> =>
  fc
    .tuple(fc.constantFrom("2021", "2020", "0000"), digits(13), digits(32), digits(24))
    .map(([year, month, day, hour]) => {
      const parts: Readonly<Record<string, string>> = { y: year, M: month, d: day, H: hour };
      return format.replace(/y+|M+|d+|H+/g, (part) => (parts[part.charAt(0)] ?? "").padStart(part.length, "0"));
    });
const numberText = fc.oneof(
  ...[fc.bigInt({ min: -(2n ** 65n), max: 2n ** 65n }).map(String), fc.integer().map(String), digits(300)],
  ...[
    fc.double().map(String),
    fc.constantFrom("1e999", "1.5", "+7", "0x1F", "1_000", "１２", "-0", "007", ".5", "1.", "NaN"),
  ],
);

const one = (partitionKeys: readonly PartitionKey[], escaping: Escaping): DatasetDocument => ({
  ...{ name: "t", partitionKeys, columns: [column("a", "string", "")], format: csv(), escaping },
});
const keyOf = (name: string): fc.Arbitrary<PartitionKey> =>
  fc
    .oneof(
      fc.constantFrom(...DATE_FORMATS).map((format) => dateKey(name, { timeZone: "Asia/Tokyo", format })),
      fc
        .option(fc.integer({ min: 1, max: 4 }), { nil: undefined })
        .map((width) => integerKey(name, width === undefined ? { type: "int" } : { digits: width })),
      fc.constant(enumKey(name, { values: ["a", "2021", "東"] })),
      fc.constant(injectedKey(name)),
    )
    .filter((key) => keyProblems(key, "hive").length === 0);
const valueOf = (key: PartitionKey): fc.Arbitrary<string> => {
  const odd = fc.oneof(nastyText, fc.constantFrom("", ".", "..", "__HIVE_DEFAULT_PARTITION__", "é".repeat(200)));
  if (key.kind === "enum") return fc.oneof(odd, fc.constantFrom("a", "2021", "東"));
  if (key.kind === "integer")
    return fc.oneof(
      odd,
      numberText,
      digits(40),
      digits(9999).map((text) => text.padStart(key.digits ?? 1, "0")),
    );
  if (key.kind === "date") {
    return fc.oneof({ weight: 9, arbitrary: dated(key.format) }, { weight: 1, arbitrary: fc.oneof(odd, dayText) });
  }
  return fc.oneof(odd, numberText, digits(40), fc.constantFrom("a", "2021", "東"));
};
/** Year, month and day in folders of their own as well: a day that no calendar has shows only there. */
export const keyCase: fc.Arbitrary<Case> = fc
  .tuple(
    fc.oneof(
      fc.tuple(keyOf("k")),
      fc.tuple(keyOf("k"), keyOf("l")),
      fc.constant(
        (["yyyy", "MM", "dd"] as const).map((format) => dateKey(format.toLowerCase(), { timeZone: "UTC", format })),
      ),
    ),
    fc.constantFrom(...ESCAPINGS),
  )
  .chain(([keys, escaping]) =>
    fc.tuple(...keys.map(valueOf)).map((values) => ({
      dataset: one(keys, escaping),
      cells: { a: ["x"], ...Object.fromEntries(keys.map(({ name }, index) => [name, [values[index] ?? ""]])) },
    })),
  );

const DIALECTS: readonly CsvOptions[] = [
  ...[
    {},
    { nullText: "" },
    { nullText: "null" },
    { delimiter: "\t", newline: "\r\n" },
    { delimiter: ";", header: true },
  ],
  ...[{ escape: "\\" }, { escape: "^", delimiter: "|", nullText: "a" }, { escape: "\\", header: true, nullText: "" }],
  ...[
    { quote: '"' },
    { quote: "'", escape: "^", delimiter: ";" },
    { quote: '"', escape: "~", newline: "\r\n", header: true },
  ],
];
/** Cells of text that one dialect or another cannot say. */
export const textCase: fc.Arbitrary<Case> = fc
  .tuple(fc.constantFrom(...DIALECTS), fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 }))
  .chain(([options, width, height]) => {
    const columns = ["alpha", "beta", "gamma"].slice(0, width).map((name) => column(name, "string", ""));
    const format = csv(options);
    equal(csvProblems(format, columns).join(), "");
    const cell = fc.oneof({ weight: 5, arbitrary: nastyText }, { weight: 1, arbitrary: fc.constant(null) });
    const cells = fc.array(cell, { minLength: height, maxLength: height });
    return fc.tuple(...columns.map(() => cells)).map((all) => ({
      dataset: { name: "t", partitionKeys: [], columns, format },
      cells: Object.fromEntries(columns.map(({ name }, index) => [name, all[index] ?? []])),
    }));
  });

export const TYPES: readonly ColumnType[] = [
  "boolean",
  "tinyint",
  "smallint",
  "int",
  "bigint",
  "float",
  "double",
  "date",
  "timestamp",
];
const typedText = (type: ColumnType): fc.Arbitrary<string> => {
  if (type === "boolean") return fc.constantFrom("true", "FALSE", "True", "t", "1", "yes", " true");
  if (type === "date") return fc.oneof(dated("yyyy-MM-dd"), dayText);
  return type === "timestamp" ? fc.oneof(dated("yyyy-MM-dd HH:59:07.125"), dayText) : numberText;
};
/** A text in a typed column. */
export const typedCase: fc.Arbitrary<Case> = fc
  .constantFrom(...TYPES)
  .chain((type) => fc.tuple(fc.constant(type), fc.oneof(typedText(type), typedText(type), nastyText, numberText)))
  .map(([type, text]) => ({
    dataset: {
      name: "t",
      partitionKeys: [],
      columns: [column("a", type, ""), column("b", "string", "")],
      format: csv(),
    },
    cells: { a: [text], b: ["x"] },
  }));
