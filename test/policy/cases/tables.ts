import { CATALOG_SETTINGS, DATABASE } from "../../../policy/kinds";
import { LOCATION, partition, table } from "../resources";
import { alone, CHANGE, opencsv, registrarMay, serde, STEP } from "./goodDataset";
import { casesOf, resource, type Case } from "./case";

export const tablesCases: Case[] = [
  ...casesOf("aws-glue-table-declare-partition-keys", [
    "no keys",
    alone((props) => (props.partitionKeys = [])),
    "table 'table': 0 partition keys, expected at least 1; every query reads every file",
  ]),
  ...casesOf("aws-glue-table-use-lower-case-names", [
    "capitals",
    alone((props) => (props.name = "Features")),
    "table 'table': table name is 'Features', expected 'features'",
  ]),
  ...casesOf("aws-glue-database-use-lower-case-name", [
    "a hyphen",
    [resource(DATABASE, "database", { name: "acme-dev" })],
    "database 'database': name is 'acme-dev', expected 'acme_dev'",
  ]),
  ...casesOf("aws-glue-table-keep-keys-apart-from-columns", [
    "a key that is a column",
    alone((props) => props.storageDescriptor.columns.push({ name: "country", type: "string" })),
    "table 'table': column 'country' is declared before, as a partition key",
  ]),
  ...casesOf("aws-glue-table-declare-external-type", [
    "no type",
    alone((props) => Object.assign(props, { tableType: undefined })),
    "table 'table': table type is absent, expected 'EXTERNAL_TABLE'",
  ]),
  ...casesOf(
    "aws-glue-table-spell-location-as-folder",
    [
      "no slash",
      alone((props) => (props.storageDescriptor.location = "s3://acme-data/features/output")),
      "table 'table': location is 's3://acme-data/features/output', expected 's3://acme-data/features/output/'",
    ],
    [
      "a folder above",
      alone((props) => (props.storageDescriptor.location = "s3://acme-data/x/../features/output/")),
      "table 'table': location is 's3://acme-data/x/../features/output/', expected 's3://acme-data/features/output/'",
    ],
    [
      "a partition",
      alone((props) => (props.storageDescriptor.location = `${LOCATION}dt=1/`)),
      `table 'table': location is '${LOCATION}dt=1/', expected '${LOCATION}'`,
    ],
  ),
  ...casesOf("aws-glue-table-locate-at-output-folder", [
    "another folder than the step writes",
    registrarMay(CHANGE).map((each) =>
      each.name === "table"
        ? table((props) => (props.storageDescriptor.location = "s3://acme-data/features/data/"), "table")
        : each,
    ),
    `table 'table': location is 's3://acme-data/features/data/', which nothing writes, expected '${LOCATION}' as in ${STEP}, output 'table'`,
  ]),
  ...casesOf("aws-glue-table-keep-locations-apart", [
    "one place for two",
    [table(undefined, "table"), table((props) => (props.name = "twin"), "twin")],
    `table 'twin': location '${LOCATION}' is the location '${LOCATION}' of table 'table'`,
  ]).concat(
    casesOf("aws-glue-table-keep-locations-apart", [
      "a folder of a table of an open format",
      [
        table(undefined, "table"),
        table((props) => {
          props.name = "ice";
          props.parameters = { table_type: "ICEBERG" };
          props.storageDescriptor.location = `${LOCATION}ice`;
        }, "ice"),
      ],
      `table 'ice': location '${LOCATION}ice/' lies inside the location '${LOCATION}' of table 'table'`,
    ]),
  ),
  ...casesOf("aws-glue-table-type-keys-as-readers-agree", [
    "a number with a point",
    alone((props) => (props.partitionKeys = [{ name: "dt", type: "double" }])),
    "table 'table': partition key 'dt' is \"double\", expected string, varchar, tinyint, smallint, int, bigint, date",
  ]),
  ...casesOf("aws-glue-table-prefer-string-keys", [
    "a number",
    alone((props) => (props.partitionKeys = [{ name: "dt", type: "int" }])),
    "table 'table': partition key 'dt' is \"int\" without projection, expected \"string\"",
  ]),
  ...casesOf("aws-glue-catalog-leave-account-settings-alone", [
    "settings",
    [resource(CATALOG_SETTINGS, "acme", {})],
    "catalog settings 'acme' are of the whole account, expected none in this stack",
  ]),
  ...casesOf(
    "aws-glue-table-delimit-csv-alike",
    [
      "no delimiter",
      alone((props) => {
        serde(props).parameters = {};
        props.parameters = { classification: "csv" };
      }),
      "table 'table': SerDe parameter field.delim is absent, expected the delimiter, such as \",\"",
    ],
    [
      "none, in a table that does not say what it is",
      alone((props) => {
        serde(props).parameters = {};
        props.parameters = {};
      }),
      "table 'table': SerDe parameter field.delim is absent, expected the delimiter, such as \",\"",
    ],
  ),
  ...casesOf("aws-glue-table-read-quotes-by-opencsv", [
    "quotes for LazySimpleSerDe",
    alone((props) => (props.parameters["areColumnsQuoted"] = "true")),
    'table \'table\': parameter areColumnsQuoted is "true" with LazySimpleSerDe, expected "false"',
  ]),
  ...casesOf("aws-glue-table-tell-csv-characters-apart", [
    "an escape like the delimiter",
    alone((props) => (serde(props).parameters["escape.delim"] = ",")),
    "table 'table': SerDe parameters field.delim and escape.delim are both read as \",\"",
  ]),
  ...casesOf("aws-glue-table-write-csv-null-alike", [
    "two texts of null",
    alone((props) => {
      serde(props).parameters["serialization.null.format"] = "";
      props.parameters["serialization.null.format"] = "\\N";
    }),
    'table \'table\': parameter serialization.null.format is "\\\\N", expected "" as in the SerDe\'s',
  ]),
  ...casesOf("aws-glue-table-declare-opencsv-columns-as-string", [
    "a number",
    alone((props) => {
      opencsv(props);
      props.storageDescriptor.columns = [{ name: "amount", type: "double" }];
    }),
    "table 'table': column 'amount' is \"double\" with OpenCSVSerde, expected \"string\"",
  ]),
  ...casesOf("aws-glue-table-count-csv-header-in-table", [
    "a count in the SerDe",
    alone((props) => (serde(props).parameters["skip.header.line.count"] = "1")),
    "table 'table': SerDe parameter skip.header.line.count is \"1\", expected it among the table's parameters",
  ]),
  ...casesOf("aws-glue-table-set-csv-text-formats", [
    "no input format",
    alone((props) => Object.assign(props.storageDescriptor, { inputFormat: undefined })),
    "table 'table': input format is absent, expected \"org.apache.hadoop.mapred.TextInputFormat\"",
  ]),
  ...casesOf("aws-glue-table-project-as-documented", [
    "a key without projection",
    alone((props) =>
      Object.assign(props.parameters, { "projection.enabled": "true", "projection.process_date_jst.type": "injected" }),
    ),
    "table 'table': projection.country.type: every partition key is projected, or every query fails, got nothing; add it",
  ]),
  ...casesOf("aws-glue-table-project-key-value-folders", [
    "dates with slashes",
    alone((props) => {
      props.partitionKeys = [{ name: "dt", type: "string" }];
      Object.assign(props.parameters, {
        ...{ "projection.enabled": "true", "projection.dt.type": "date", "projection.dt.format": "yyyy/MM/dd" },
        "projection.dt.range": "2020/01/01,NOW",
      });
    }),
    "table 'table': projection.dt.format is 'yyyy/MM/dd': the folders are 'dt=yyyy/MM/dd/', expected one folder for the key, such as 'dt=yyyy-MM-dd/'",
  ]),
  ...casesOf("aws-glue-table-project-key-value-folders", [
    "the wrong order",
    alone((props) => (props.parameters["storage.location.template"] = `${LOCATION}country=\${country}/`)),
    `table 'table': storage.location.template '${LOCATION}country=\${country}/': 'country=\${country}/' has 1 levels, the table declares 2: ` +
      `process_date_jst=…/country=…/; write '${LOCATION}process_date_jst=\${process_date_jst}/country=\${country}/'`,
  ]),
  ...casesOf("aws-glue-partition-leave-to-registration", [
    "a partition",
    [{ ...partition(), name: "first" }],
    "partition 'first' is a resource of the stack; data would come and go with deployments",
  ]),
  ...casesOf("aws-glue-partition-locate-by-key-value", [
    "a day without its key",
    [
      table(undefined, "table"),
      {
        ...partition((props) => (props.storageDescriptor.location = `${LOCATION}2021-12-01/country=de/`)),
        name: "first",
      },
    ],
    `partition 'first': location '${LOCATION}2021-12-01/country=de/': level 1 is '2021-12-01', expected 'process_date_jst=…'; ` +
      `write '${LOCATION}process_date_jst=2021-12-01/country=de/'`,
  ]),
];
