import type { ResourceValidationPolicy } from "@pulumi/policy";
import { isFolderTable } from "../folderTable";
import { CATALOG_SETTINGS, TABLE } from "../kinds";
import { eachOf, onResource, show } from "../resources";

/** Types of keys whose values read the same in folder names, Glue's filters and engines. */
const KEY_TYPES = ["string", "varchar", "tinyint", "smallint", "int", "bigint", "date"];

/** A type as it is listed above: `varchar` of `varchar(2)`. */
const kindOf = (type: string | undefined): string =>
  (type ?? "").toLowerCase().replace(/^varchar\s*\([^)]*\)$/, "varchar");

export const keyTypes: ResourceValidationPolicy = {
  name: "aws-glue-table-type-keys-as-readers-agree",
  description: `A partition key is of a type that all readers read alike: ${KEY_TYPES.join(", ")}.`,
  enforcementLevel: "mandatory",
  severity: "high",
  remediationSteps: "Declare the key string: the folder's name is text in any case.",
  url: "https://docs.aws.amazon.com/athena/latest/ug/data-types.html",
  validateResource: onResource(TABLE, (table, { name }, report) => {
    if (!isFolderTable(table)) return;
    eachOf(table.partitionKeys, (key) => {
      if (!KEY_TYPES.includes(kindOf(key.type)))
        report(`table '${name}': partition key '${key.name}' is ${show(key.type)}, expected ${KEY_TYPES.join(", ")}`);
    });
  }),
};

export const stringKeys: ResourceValidationPolicy = {
  name: "aws-glue-table-prefer-string-keys",
  description: "A key of registered partitions is a string: Glue cannot filter others that hold a null partition.",
  enforcementLevel: "advisory",
  severity: "low",
  remediationSteps: "Declare the key string, or project the partitions, where no null can be.",
  url: "https://docs.aws.amazon.com/glue/latest/webapi/API_GetPartitions.html",
  tags: ["trinodb/trino#13124", "aws/aws-sdk#670"],
  validateResource: onResource(TABLE, (table, { name }, report) => {
    if (!isFolderTable(table) || table.parameters?.["projection.enabled"]?.toLowerCase() === "true") return;
    eachOf(table.partitionKeys, (key) => {
      const type = kindOf(key.type);
      if (KEY_TYPES.includes(type) && type !== "string" && type !== "varchar")
        report(`table '${name}': partition key '${key.name}' is "${type}" without projection, expected "string"`);
    });
  }),
};

export const accountSettings: ResourceValidationPolicy = {
  name: "aws-glue-catalog-leave-account-settings-alone",
  description: "A stack does not set the encryption of the account's catalog: two stacks would fight over it.",
  enforcementLevel: "advisory",
  severity: "medium",
  remediationSteps: "Set it once, in the stack of the account.",
  url: "https://docs.aws.amazon.com/glue/latest/dg/encrypt-glue-data-catalog.html",
  tags: ["CKV_AWS_94"],
  validateResource: onResource(CATALOG_SETTINGS, (_settings, { name }, report) =>
    report(`catalog settings '${name}' are of the whole account, expected none in this stack`),
  ),
};
