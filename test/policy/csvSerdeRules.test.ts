import assert from "node:assert/strict";
import { csvCharacters, csvColumnTypes, csvNullFormat } from "../../policy/rules/csv";
import { judge, UNKNOWN } from "../support/policy";
import { table, type TableProps } from "./resources";

const serde = (props: TableProps) => props.storageDescriptor.serDeInfo;
const openCsv = (props: TableProps) => {
  serde(props).serializationLibrary = "org.apache.hadoop.hive.serde2.OpenCSVSerde";
  serde(props).parameters = { separatorChar: "," };
};
type Case = [what: string, change: (props: TableProps) => unknown, message: string];

describe("aws-glue-table-tell-csv-characters-apart", () => {
  const cases: Case[] = [
    [
      "two characters as delimiter",
      (props) => (serde(props).parameters["field.delim"] = "::"),
      'SerDe parameter field.delim is "::", expected one ASCII character',
    ],
    [
      "a delimiter that cuts UTF-8",
      (props) => (serde(props).parameters["field.delim"] = "\u00a7"),
      'SerDe parameter field.delim is "\u00a7", expected one ASCII character',
    ],
    [
      "an escape that is the delimiter, as a number",
      (props) => (serde(props).parameters["escape.delim"] = "44"),
      'SerDe parameters field.delim and escape.delim are both read as ","',
    ],
    [
      "a quote that is the separator",
      (props) => {
        openCsv(props);
        serde(props).parameters["quoteChar"] = ",";
      },
      'SerDe parameters separatorChar and quoteChar are both read as ","',
    ],
    [
      "a quote that is the escape by default",
      (props) => {
        openCsv(props);
        serde(props).parameters["quoteChar"] = "\\";
      },
      'SerDe parameters quoteChar and escapeChar are both read as "\\\\"',
    ],
    [
      "an escape of two characters",
      (props) => {
        openCsv(props);
        serde(props).parameters["escapeChar"] = "\\\\";
      },
      'SerDe parameter escapeChar is "\\\\\\\\", expected one character',
    ],
  ];
  for (const [what, change, message] of cases)
    it(`rejects ${what}`, () => {
      assert.deepEqual(judge(csvCharacters, [table(change)]).violations, [`table 'features': ${message}`]);
    });

  it("accepts the escape that both engines read as a backslash", () => {
    const doubled = table((props) => {
      openCsv(props);
      Object.assign(serde(props).parameters, { quoteChar: '"', escapeChar: '"' });
    });
    assert.deepEqual(judge(csvCharacters, [doubled]).violations, []);
  });

  it("rejects a known escape behind an unknown delimiter", () => {
    const verdict = judge(csvCharacters, [
      table((props) => Object.assign(serde(props).parameters, { "field.delim": UNKNOWN, "escape.delim": "" })),
    ]);
    assert.deepEqual(verdict.violations, [
      "table 'features': SerDe parameter escape.delim is \"\", expected one ASCII character",
    ]);
    assert.equal(verdict.unknown, "storageDescriptor.serDeInfo.parameters.field.delim");
  });
});

describe("aws-glue-table-write-csv-null-alike", () => {
  const nulls = (own: string, tables: string) =>
    table((props) => {
      serde(props).parameters["serialization.null.format"] = own;
      props.parameters["serialization.null.format"] = tables;
    });

  it("rejects another null in the table than in the SerDe", () => {
    assert.deepEqual(judge(csvNullFormat, [nulls("NULL", "")]).violations, [
      'table \'features\': parameter serialization.null.format is "", expected "NULL" as in the SerDe\'s',
    ]);
  });

  it("accepts the same, and one of them alone", () => {
    const alone = table((props) => (props.parameters["serialization.null.format"] = "NULL"));
    assert.deepEqual(judge(csvNullFormat, [nulls("", ""), alone]).violations, []);
  });
});

describe("aws-glue-table-declare-opencsv-columns-as-string", () => {
  it("rejects every column that is no string, and only with OpenCSVSerde", () => {
    const typed = (props: TableProps) => {
      openCsv(props);
      Object.assign(props.storageDescriptor.columns[0] ?? {}, { type: "date" });
    };
    assert.deepEqual(judge(csvColumnTypes, [table(typed)]).violations, [
      "table 'features': column 'customer' is \"date\" with OpenCSVSerde, expected \"string\"",
      "table 'features': column 'amount' is \"double\" with OpenCSVSerde, expected \"string\"",
    ]);
    assert.deepEqual(judge(csvColumnTypes, [table()]).violations, []);
  });

  it("rejects a known type beside an unknown one", () => {
    const verdict = judge(csvColumnTypes, [
      table((props) => {
        openCsv(props);
        Object.assign(props.storageDescriptor.columns[0] ?? {}, { type: UNKNOWN });
      }),
    ]);
    assert.equal(verdict.violations.length, 1);
    assert.equal(verdict.unknown, "storageDescriptor.columns.0.type");
  });
});
