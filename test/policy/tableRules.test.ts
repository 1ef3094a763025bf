import assert from "node:assert/strict";
import fc from "fast-check";
import {
  externalType,
  keysApartFromColumns,
  locationsApart,
  locationSpelling,
  lowerCaseNames,
  partitionKeysDeclared,
} from "../../policy/rules/table";
import { judge, UNKNOWN } from "../support/policy";
import { LOCATION, table, type TableProps } from "./resources";

const at = (location: unknown) => (props: TableProps) => Object.assign(props.storageDescriptor, { location });

describe("aws-glue-table-declare-partition-keys", () => {
  for (const partitionKeys of [[], undefined])
    it(`rejects a table with ${JSON.stringify(partitionKeys) ?? "absent"} keys`, () => {
      assert.deepEqual(judge(partitionKeysDeclared, [table((props) => Object.assign(props, { partitionKeys }))]), {
        violations: ["table 'features': 0 partition keys, expected at least 1; every query reads every file"],
        blamed: ["features"],
      });
    });

  it("does not judge unknown keys", () => {
    const verdict = judge(partitionKeysDeclared, [table((props) => Object.assign(props, { partitionKeys: UNKNOWN }))]);
    assert.deepEqual(verdict, { violations: [], blamed: [], unknown: "partitionKeys" });
  });
});

describe("aws-glue-table-use-lower-case-names", () => {
  const cases: [string, (props: TableProps) => unknown, string][] = [
    [
      "a camel-case key",
      (props) => (props.partitionKeys = [{ name: "processDate", type: "string" }]),
      "partition key is 'processDate', expected 'processdate'",
    ],
    [
      "a hyphen in a column of CSV",
      (props) => (props.storageDescriptor.columns = [{ name: "net-amount", type: "int" }]),
      "column is 'net-amount', expected 'net_amount'",
    ],
    [
      "a column that begins with a digit",
      (props) => (props.storageDescriptor.columns = [{ name: "1st", type: "int" }]),
      "column is '1st', expected '_1st'",
    ],
    [
      "an upper-case database",
      (props) => (props.databaseName = "Acme_dev"),
      "database is 'Acme_dev', expected 'acme_dev'",
    ],
    ["an upper-case table", (props) => (props.name = "Features"), "table name is 'Features', expected 'features'"],
  ];
  for (const [what, change, message] of cases)
    it(`rejects ${what}`, () => {
      assert.deepEqual(judge(lowerCaseNames, [table(change)]).violations, [`table 'features': ${message}`]);
    });

  it("rejects a known name behind an unknown one", () => {
    const verdict = judge(lowerCaseNames, [
      table((props) => {
        props.partitionKeys = [
          { name: UNKNOWN, type: "string" },
          { name: "Country", type: "string" },
        ];
        props.storageDescriptor.columns = [{ name: "Amount", type: "int" }];
      }),
    ]);
    assert.deepEqual(verdict.violations, [
      "table 'features': partition key is 'Country', expected 'country'",
      "table 'features': column is 'Amount', expected 'amount'",
    ]);
    assert.equal(verdict.unknown, "partitionKeys.0.name");
  });

  it("accepts a table without columns or a name of its own", () => {
    const bare = table((props) => {
      Object.assign(props, { name: undefined, storageDescriptor: undefined });
    });
    assert.deepEqual(judge(lowerCaseNames, [bare]), { violations: [], blamed: [] });
  });

  it("rejects every name outside lower-case letters, digits and _, and proposes a legal one", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (name) => {
        fc.pre(!/^[a-z_][a-z0-9_]*$/.test(name) && name !== UNKNOWN);
        const change = (props: TableProps) => (props.partitionKeys = [{ name, type: "string" }]);
        const [message = ""] = judge(lowerCaseNames, [table(change)]).violations;
        assert.match(message, /expected '[a-z_][a-z0-9_]*'$/);
      }),
    );
  });
});

describe("aws-glue-table-keep-keys-apart-from-columns", () => {
  it("rejects a key that is a column, in whatever case", () => {
    const both = table((props) => props.storageDescriptor.columns.push({ name: "COUNTRY", type: "string" }));
    assert.deepEqual(judge(keysApartFromColumns, [both]).violations, [
      "table 'features': column 'COUNTRY' is declared before, as a partition key",
    ]);
  });

  it("rejects a key declared twice while the columns are unknown", () => {
    const twice = table((props) => {
      props.partitionKeys.push({ name: "country", type: "string" });
      Object.assign(props.storageDescriptor, { columns: UNKNOWN });
    });
    assert.deepEqual(judge(keysApartFromColumns, [twice]), {
      violations: ["table 'features': partition key 'country' is declared before, as a partition key"],
      blamed: ["features"],
      unknown: "storageDescriptor.columns",
    });
  });
});

describe("aws-glue-table-declare-external-type", () => {
  for (const [tableType, got] of [
    [undefined, "absent"],
    ["MANAGED_TABLE", "'MANAGED_TABLE'"],
    ["external_table", "'external_table'"],
  ])
    it(`rejects the type ${got}`, () => {
      assert.deepEqual(judge(externalType, [table((props) => Object.assign(props, { tableType }))]).violations, [
        `table 'features': table type is ${got}, expected 'EXTERNAL_TABLE'`,
      ]);
    });

  it("does not judge an unknown type", () => {
    const verdict = judge(externalType, [table((props) => (props.tableType = UNKNOWN))]);
    assert.deepEqual(verdict, { violations: [], blamed: [], unknown: "tableType" });
  });
});

describe("aws-glue-table-spell-location-as-folder", () => {
  for (const [what, location] of [
    ["without a final slash", "s3://acme-data/features/output"],
    ["with two final slashes", "s3://acme-data/features/output//"],
    ["with an empty folder", "s3://acme-data/features//output/"],
    ["of Hadoop's scheme", "s3a://acme-data/features/output/"],
    ["of an upper-case scheme", "S3://acme-data/features/output/"],
    ["of one partition", "s3://acme-data/features/output/process_date_jst=2021-12-01/"],
    ["with blanks around", " s3://acme-data/features/output/ "],
  ])
    it(`rejects a location ${what}`, () => {
      assert.deepEqual(judge(locationSpelling, [table(at(location))]).violations, [
        `table 'features': location is '${location}', expected '${LOCATION}'`,
      ]);
    });

  it("rejects a location that is no S3 address, and none at all", () => {
    assert.deepEqual(judge(locationSpelling, [table(at("acme-data/features"))]).violations, [
      "table 'features': location is 'acme-data/features', expected 's3://<bucket>/<prefix>/output/'",
    ]);
    assert.deepEqual(judge(locationSpelling, [table(at(undefined))]).violations, [
      "table 'features': location is absent, expected 's3://<bucket>/<prefix>/output/'",
    ]);
  });

  it("does not judge an unknown location", () => {
    const verdict = judge(locationSpelling, [table(at(UNKNOWN))]);
    assert.deepEqual(verdict, { violations: [], blamed: [], unknown: "storageDescriptor.location" });
  });

  it("accepts the spelling it expects", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (path) => {
        const [message] = judge(locationSpelling, [table(at(`s3://acme-data/${path}`))]).violations;
        const expected = message === undefined ? undefined : /expected '([^]*)'$/.exec(message)?.[1];
        if (expected !== undefined) assert.deepEqual(judge(locationSpelling, [table(at(expected))]).violations, []);
      }),
    );
  });
});

describe("aws-glue-table-keep-locations-apart", () => {
  it("accepts a neighbour whose name begins alike", () => {
    const neighbour = table(at("s3://acme-data/features/output2/"), "neighbour");
    assert.deepEqual(judge(locationsApart, [table(), neighbour]).violations, []);
  });

  it("rejects a table inside another, and points at it", () => {
    const inner = table(at(`${LOCATION}daily/output/`), "daily");
    assert.deepEqual(judge(locationsApart, [inner, table()]), {
      violations: [
        `table 'daily': location '${LOCATION}daily/output/' lies inside the location '${LOCATION}' of table 'features'`,
      ],
      blamed: ["daily"],
    });
  });

  it("rejects two tables of one folder once, also when one of them misspells it", () => {
    const other = table(at("s3://acme-data/features/output"), "other");
    assert.deepEqual(judge(locationsApart, [table(), other]), {
      violations: [`table 'other': location '${LOCATION}' is the location '${LOCATION}' of table 'features'`],
      blamed: ["other"],
    });
  });

  it("rejects known locations beside an unknown one", () => {
    const verdict = judge(locationsApart, [table(at(UNKNOWN), "new"), table(), table(() => undefined, "other")]);
    assert.deepEqual(verdict.blamed, ["other"]);
    assert.equal(verdict.unknown, "storageDescriptor.location");
  });

  it("accepts tables without a location", () => {
    assert.deepEqual(judge(locationsApart, [table(at(undefined)), table(at(undefined), "other")]).violations, []);
  });
});
