import assert from "node:assert/strict";
import { csv, serdeOf, tableParametersOf, type CsvOptions } from "../../contract/csv";
import * as csvRules from "../../policy/rules/csv";
import { judge, UNKNOWN } from "../support/policy";
import { table, type TableProps } from "./resources";

const LAZY = "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe";
const OPEN = "org.apache.hadoop.hive.serde2.OpenCSVSerde";
const serde = (props: TableProps) => props.storageDescriptor.serDeInfo;
const openCsv = (props: TableProps) => {
  serde(props).serializationLibrary = OPEN;
  serde(props).parameters = { separatorChar: ",", "serialization.format": "1" };
};
const { csvDelimiters, csvFormats, csvHeaderCount, csvQuotes } = csvRules;
type Case = [what: string, change: (props: TableProps) => unknown, message: string];

describe("the rules of CSV tables", () => {
  /** As a dataset of this dialect declares it. */
  const declared = (options: CsvOptions) =>
    table((props) => {
      const { serializationLibrary, parameters } = serdeOf(csv(options));
      Object.assign(serde(props), { serializationLibrary, parameters });
      props.parameters = tableParametersOf(csv(options));
      if (options.quote !== undefined) for (const column of props.storageDescriptor.columns) column.type = "string";
    });
  const dialects: CsvOptions[] = [
    {},
    { delimiter: "\t", header: true },
    { delimiter: "\u0001" },
    { delimiter: "|", escape: "\\", nullText: "NULL" },
    { nullText: "" },
    { quote: '"', header: true },
    { quote: "'", delimiter: ";", escape: "^" },
    { quote: '"', escape: "\u0001", newline: "\r\n" },
  ];
  for (const options of dialects)
    for (const rule of Object.values(csvRules))
      it(`${rule.name} accepts csv(${JSON.stringify(options)})`, () => {
        assert.deepEqual(judge(rule, [declared(options)]), { violations: [], blamed: [] });
      });
});

describe("aws-glue-table-delimit-csv-alike", () => {
  const cases: Case[] = [
    [
      "another delimiter in the table",
      (props) => (props.parameters["delimiter"] = "\t"),
      'parameter delimiter is "\\t", expected "," as in field.delim',
    ],
    [
      "no field.delim",
      (props) => (serde(props).parameters = { "serialization.format": "," }),
      'SerDe parameter field.delim is absent, expected ","',
    ],
    [
      "no delimiter at all",
      (props) => {
        serde(props).parameters = {};
        delete props.parameters["delimiter"];
      },
      'SerDe parameter field.delim is absent, expected the delimiter, such as ","',
    ],
    [
      "OpenCSVSerde without separatorChar",
      (props) => {
        openCsv(props);
        serde(props).parameters = { "field.delim": "," };
      },
      'SerDe parameter separatorChar is absent, expected ","',
    ],
    [
      "OpenCSVSerde with another separatorChar",
      (props) => {
        openCsv(props);
        serde(props).parameters["separatorChar"] = ";";
      },
      'parameter delimiter is ",", expected ";" as in separatorChar',
    ],
    [
      "a SerDe of another format",
      (props) => (serde(props).serializationLibrary = "org.openx.data.jsonserde.JsonSerDe"),
      `serialization library is "org.openx.data.jsonserde.JsonSerDe", expected "${LAZY}" or "${OPEN}"`,
    ],
    [
      "no SerDe",
      (props) => Object.assign(props.storageDescriptor, { serDeInfo: undefined }),
      `serialization library is absent, expected "${LAZY}" or "${OPEN}"`,
    ],
  ];
  for (const [what, change, message] of cases)
    it(`rejects ${what}`, () => {
      assert.deepEqual(judge(csvDelimiters, [table(change)]).violations, [`table 'features': ${message}`]);
    });

  it("accepts OpenCSVSerde, whose serialization.format says nothing", () => {
    assert.deepEqual(judge(csvDelimiters, [table(openCsv)]).violations, []);
  });

  it("takes a number for the byte that LazySimpleSerDe makes of it", () => {
    const tab = table((props) => {
      props.parameters["delimiter"] = "\t";
      serde(props).parameters = { "field.delim": "9", "serialization.format": "9" };
    });
    assert.deepEqual(judge(csvDelimiters, [tab]).violations, []);
    const nine = table((props) => {
      openCsv(props);
      props.parameters["delimiter"] = "\t";
      serde(props).parameters["separatorChar"] = "9";
    });
    assert.deepEqual(judge(csvDelimiters, [nine]).violations, [
      'table \'features\': parameter delimiter is "\\t", expected "9" as in separatorChar',
    ]);
  });

  it("says nothing of other formats", () => {
    const parquet = table((props) => {
      props.parameters = { classification: "parquet", delimiter: ";" };
    });
    assert.deepEqual(judge(csvDelimiters, [parquet]).violations, []);
  });

  it("does not judge an unknown delimiter", () => {
    const verdict = judge(csvDelimiters, [table((props) => (props.parameters["delimiter"] = UNKNOWN))]);
    assert.deepEqual(verdict, { violations: [], blamed: [], unknown: "parameters.delimiter" });
  });
});

describe("aws-glue-table-read-quotes-by-opencsv", () => {
  const quoted = (props: TableProps) => (props.parameters["areColumnsQuoted"] = "true");

  it("rejects quoted columns with LazySimpleSerDe", () => {
    assert.deepEqual(judge(csvQuotes, [table(quoted)]).violations, [
      'table \'features\': parameter areColumnsQuoted is "true" with LazySimpleSerDe, expected "false"',
    ]);
  });

  it("accepts quoted columns with OpenCSVSerde, and an absent flag", () => {
    const open = table((props) => {
      openCsv(props);
      quoted(props);
    });
    assert.deepEqual(judge(csvQuotes, [open]).violations, []);
    assert.deepEqual(judge(csvQuotes, [table((props) => delete props.parameters["areColumnsQuoted"])]).violations, []);
  });

  it("does not judge an unknown flag", () => {
    const verdict = judge(csvQuotes, [table((props) => (props.parameters["areColumnsQuoted"] = UNKNOWN))]);
    assert.deepEqual(verdict, { violations: [], blamed: [], unknown: "parameters.areColumnsQuoted" });
  });
});

describe("aws-glue-table-count-csv-header-in-table", () => {
  const HEADER = "skip.header.line.count";

  for (const count of ["true", "-1", "1.0", ""])
    it(`rejects the count ${JSON.stringify(count)}`, () => {
      assert.deepEqual(judge(csvHeaderCount, [table((props) => (props.parameters[HEADER] = count))]).violations, [
        `table 'features': parameter ${HEADER} is ${JSON.stringify(count)}, expected a whole number such as "1"`,
      ]);
    });

  it("rejects a count among the SerDe's parameters, also while the table's is unknown", () => {
    const verdict = judge(csvHeaderCount, [
      table((props) => {
        serde(props).parameters[HEADER] = "1";
        props.parameters[HEADER] = UNKNOWN;
      }),
    ]);
    assert.deepEqual(verdict.violations, [
      `table 'features': SerDe parameter ${HEADER} is "1", expected it among the table's parameters`,
    ]);
    assert.equal(verdict.unknown, `parameters.${HEADER}`);
  });

  it("accepts files without a header", () => {
    assert.deepEqual(judge(csvHeaderCount, [table((props) => delete props.parameters[HEADER])]).violations, []);
  });
});

describe("aws-glue-table-set-csv-text-formats", () => {
  it("rejects absent and wrong formats", () => {
    const wrong = table((props) =>
      Object.assign(props.storageDescriptor, {
        inputFormat: undefined,
        outputFormat: "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
      }),
    );
    assert.deepEqual(judge(csvFormats, [wrong]).violations, [
      "table 'features': input format is absent, expected \"org.apache.hadoop.mapred.TextInputFormat\"",
      "table 'features': output format is \"org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat\", " +
        'expected "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat"',
    ]);
  });

  it("rejects a wrong output format behind an unknown input format", () => {
    const verdict = judge(csvFormats, [
      table((props) => Object.assign(props.storageDescriptor, { inputFormat: UNKNOWN, outputFormat: undefined })),
    ]);
    assert.equal(verdict.violations.length, 1);
    assert.equal(verdict.unknown, "storageDescriptor.inputFormat");
  });
});
