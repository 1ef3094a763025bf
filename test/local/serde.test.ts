import { deepEqual, equal, ok, throws } from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { textLines } from "../../contract/csvReader";
import { textFormat } from "../../local/query/serde";
import { readValue } from "../../contract/csvValues";

/**
 * Lines, and what real engines read in them; where Hive and Trino differ there is no line. To record them anew, hand each
 * text to both: to TextLineReader and SimpleDeserializerFactory or CsvDeserializerFactory of Maven's
 * io.trino:trino-hive-formats:483, and to LineRecordReader of org.apache.hadoop:hadoop-client-api:3.3.6 with
 * LazySimpleSerDe or OpenCSVSerde of org.apache.hive:hive-serde:3.1.3.
 */
interface Answer {
  readonly serde: "LazySimpleSerDe" | "OpenCSVSerde";
  readonly parameters: Readonly<Record<string, string>>;
  /** Header lines; none where it is absent. */
  readonly skip?: number;
  /** Of the first column; `string` where it is absent. The two others are strings. */
  readonly type?: string;
  readonly text: string;
  readonly rows?: readonly (readonly (string | null)[])[];
  /** Both engines refuse the table. */
  readonly refused?: true;
}

const answers = fs
  .readFileSync(path.join(__dirname, "../support/engineAnswers.jsonl"), "utf8")
  .trimEnd()
  .split("\n")
  .map((line) => JSON.parse(line) as Answer);

const LIBRARIES = {
  LazySimpleSerDe: "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe",
  OpenCSVSerde: "org.apache.hadoop.hive.serde2.OpenCSVSerde",
};

function descriptor(serde: Answer["serde"], parameters: Readonly<Record<string, string>>, type = "string") {
  return {
    Columns: [type, "string", "string"].map((Type, index) => ({ Name: `c${index}`, Type })),
    InputFormat: "org.apache.hadoop.mapred.TextInputFormat",
    SerdeInfo: { SerializationLibrary: LIBRARIES[serde], Parameters: { ...parameters } },
  };
}

function rowsOf({ serde, parameters, skip, type = "string", text }: Answer): (string | null)[][] {
  const table: Record<string, string> = skip === undefined ? {} : { "skip.header.line.count": String(skip) };
  const format = textFormat("table 't'", descriptor(serde, parameters, type), table);
  return textLines(text)
    .slice(format.skip)
    .map((line) => {
      const cells = format.read(line);
      return [type, "string", "string"].map((type, index) => {
        const cell = cells[index] ?? null;
        return cell === null ? null : readValue(type, cell);
      });
    });
}

/** A number may be written in several ways, and a float's nearest double is none of them. */
const comparable = (type: string | undefined, rows: readonly (readonly (string | null)[])[]) =>
  ["float", "double"].includes(type ?? "")
    ? rows.map(([number = null, ...rest]) => [
        number === null ? null : type === "float" ? Math.fround(Number(number)) : Number(number),
        ...rest,
      ])
    : rows;

describe("what the laptop reads in a line", () => {
  const kinds = [...new Set(answers.map(({ serde, type = "string" }) => `${serde}, ${type}`))];
  for (const kind of kinds)
    it(`is what Hive and Trino read: ${kind}`, () => {
      const chosen = answers.filter(({ serde, type = "string" }) => `${serde}, ${type}` === kind);
      ok(chosen.length > 1);
      for (const answer of chosen)
        if (answer.refused) throws(() => rowsOf(answer), /must be different/, JSON.stringify(answer));
        else
          deepEqual(
            comparable(answer.type, rowsOf(answer)),
            comparable(answer.type, answer.rows ?? []),
            JSON.stringify(answer),
          );
    });

  it("was asked of engines often enough, of both SerDes and every type", () => {
    ok(answers.length > 250);
    equal(kinds.length, 11);
  });
});

describe("how the laptop reads a table", () => {
  const lazy = (parameters: Record<string, string>, table: Record<string, string> = {}) =>
    textFormat("table 't'", descriptor("LazySimpleSerDe", { "field.delim": ",", ...parameters }), table);

  it("follows the table's parameters over the SerDe's, as Hive and Trino do", () => {
    const { read } = lazy(
      { "serialization.null.format": "-" },
      { "serialization.null.format": "NULL", delimiter: ";" },
    );
    deepEqual(read("-,NULL,a;b"), ["-", null, "a;b"]);
  });

  it("passes over what catalogues write beside it", () => {
    const format = textFormat(
      "table 't'",
      descriptor("OpenCSVSerde", { separatorChar: ",", "serialization.format": "1", "line.delim": "\n" }),
      { classification: "csv", areColumnsQuoted: "true" },
    );
    deepEqual(format.read('"a",b'), ["a", "b"]);
    equal(format.skip, 0);
  });

  const refused: [title: string, read: () => unknown, message: RegExp][] = [
    [
      "typed columns of OpenCSVSerde",
      () => textFormat("table 't'", descriptor("OpenCSVSerde", {}, "int"), {}),
      /column 'c0' is int/,
    ],
    [
      "an empty quote",
      () => textFormat("table 't'", descriptor("OpenCSVSerde", { quoteChar: "" }), {}),
      /must not be empty/,
    ],
    ["a delimiter that cuts UTF-8", () => lazy({ "field.delim": "§" }), /"§" is not ASCII/],
    ["a negative byte", () => lazy({ "escape.delim": "-1" }), /not ASCII/],
    [
      "another encoding in the SerDe",
      () => lazy({ "serialization.encoding": "SJIS" }),
      /'serialization.encoding' is not followed/,
    ],
    [
      "another encoding in the table",
      () => lazy({}, { "serialization.encoding": "SJIS" }),
      /of the table is not followed/,
    ],
    ["a footer", () => lazy({}, { "skip.footer.line.count": "1" }), /'skip.footer.line.count' of the table/],
    [
      "a header that is no number",
      () => lazy({}, { "skip.header.line.count": "true" }),
      /'true' is not a whole number/,
    ],
    [
      "a header count in the SerDe",
      () => lazy({ "skip.header.line.count": "1" }),
      /'skip.header.line.count' is not followed/,
    ],
  ];
  for (const [title, read, message] of refused)
    it(`refuses ${title}`, () => {
      throws(read, message);
    });
});
