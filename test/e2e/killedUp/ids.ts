import { LAPTOP_ACCOUNT } from "../../../local/environment";

/** A resource in the state. */
export interface Resource {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
}

/** Where a type's id is not the name: how it is made of the inputs. As the runbook lists them. */
const IDS: Readonly<Record<string, readonly string[]>> = {
  "aws:iam/rolePolicy:RolePolicy": ["role", ":", "name"],
  "aws:s3/bucket:Bucket": ["bucket"],
  "aws:glue/catalogDatabase:CatalogDatabase": ["account", ":", "name"],
  "aws:glue/catalogTable:CatalogTable": ["account", ":", "databaseName", ":", "name"],
  "aws:sagemaker/pipeline:Pipeline": ["pipelineName"],
};

/** The provider's id of a resource whose creation was interrupted. */
export function idOf({ type, inputs = {} }: Resource, keyId = "none"): string {
  if (type === "aws:kms/key:Key") return keyId;
  const known: Readonly<Record<string, unknown>> = { ...inputs, account: LAPTOP_ACCOUNT };
  return (IDS[type] ?? ["name"]).map((part) => (part === ":" ? part : textOf(known[part], type, part))).join("");
}

function textOf(value: unknown, type: string, name: string): string {
  if (typeof value !== "string") throw new Error(`${type} has no '${name}'; say in ids.ts what its id is made of`);
  return value;
}
