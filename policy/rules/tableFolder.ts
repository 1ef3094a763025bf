import type { ResourceValidationPolicy, StackValidationArgs, StackValidationPolicy } from "@pulumi/policy";
import { isFolderTable } from "../folderTable";
import { BUCKET, BUCKET_LOGGING, BUCKET_LOGGING_V2, BUCKET_V2, CRAWLER, TABLE, WORKGROUP } from "../kinds";
import { placeOf } from "../locations";
import { eachOf, inTurn, onAny, onResource, resourcesOf } from "../resources";
import { PRODUCTION } from "../rule";
import { withTables } from "../stackTables";

/** Every place that a service of AWS fills by itself, with who says so. */
function eachForeignPlace(
  args: StackValidationArgs,
  check: (subject: string, address: string, urn: string) => void,
): void {
  inTurn(
    () =>
      eachOf(resourcesOf(args, WORKGROUP), ({ name, urn, props }) =>
        check(
          `workgroup '${name}': outputLocation`,
          props.configuration?.resultConfiguration?.outputLocation ?? "",
          urn,
        ),
      ),
    () =>
      eachOf(resourcesOf(args, BUCKET_LOGGING, BUCKET_LOGGING_V2), ({ name, urn, props }) =>
        check(`bucket logging '${name}': targetPrefix`, `s3://${props.targetBucket}/${props.targetPrefix}`, urn),
      ),
    () =>
      eachOf(resourcesOf(args, BUCKET), ({ name, urn, props: { logging } }) => {
        if (logging)
          check(`bucket '${name}': targetPrefix`, `s3://${logging.targetBucket}/${logging.targetPrefix ?? ""}`, urn);
      }),
  );
}

export const othersKeptOut: StackValidationPolicy = {
  name: "aws-glue-table-keep-other-files-out",
  description:
    "Results of queries and access logs are written outside of tables, and no crawler makes tables of them again.",
  enforcementLevel: "mandatory",
  severity: "high",
  remediationSteps: "Give them a prefix of their own, and a crawler the table's location or a database of its own.",
  url: "https://docs.aws.amazon.com/athena/latest/ug/tables-location-format.html",
  validateStack: (args, report) =>
    withTables(args, (tables) =>
      inTurn(
        () =>
          eachForeignPlace(args, (subject, address, urn) => {
            const place = placeOf({ text: address, whole: true, byDefault: false }, tables);
            if (place && place.relation !== "above")
              report(
                `${subject} is '${address}', inside table '${place.table.name}' at '${place.table.location}', ` +
                  `expected a prefix of its own`,
                urn,
              );
          }),
        () =>
          eachOf(resourcesOf(args, CRAWLER), ({ name, urn, props }) =>
            eachOf(props.s3Targets, ({ path }) => {
              const near = tables.filter((table) => table.props.databaseName === props.databaseName);
              const place = placeOf({ text: path, whole: true, byDefault: false }, near);
              if (place?.relation === "above" || place?.relation === "inside")
                report(
                  `crawler '${name}': path is '${path}', ${place.relation} the location of table '${place.table.name}' of ` +
                    `the same database, expected '${place.table.location}'`,
                  urn,
                );
            }),
          ),
      ),
    ),
};

export const tableKept: ResourceValidationPolicy = {
  name: "aws-glue-table-survive-destroy",
  description: "Tables and buckets are protected: with a table its partitions go, with a bucket the data.",
  enforcementLevel: "advisory",
  severity: "high",
  remediationSteps: "Set the option protect.",
  url: "https://docs.aws.amazon.com/glue/latest/webapi/API_DeleteTable.html",
  tags: [PRODUCTION],
  validateResource: onAny(
    onResource(TABLE, (table, { name, opts }, report) => {
      if (isFolderTable(table) && !opts.protect) report(`table '${name}': protect is off, expected it on`);
    }),
    ...[BUCKET, BUCKET_V2].map((kind) =>
      onResource(kind, (_bucket, { name, opts }, report) => {
        if (!opts.protect) report(`bucket '${name}': protect is off, expected it on`);
      }),
    ),
  ),
};
