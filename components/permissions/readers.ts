import type { Dataset } from "../../contract/dataset";
import { addresses } from "../../contract/layout";
import type { Names } from "../../contract/names";
import { policyDocument, type PolicyDocument, type Statement } from "./statement";

/** Datasets that the same other accounts read. */
interface Readership {
  readonly accountIds: readonly string[];
  readonly outputPrefixes: readonly string[];
}

/**
 * What the bucket's policy allows to the accounts that datasets name as readers: to read and list the output of these
 * datasets, nothing else. Who of an account reads is for its own administrators to say.
 */
export function readersOfBucket(names: Names, datasets: readonly Dataset[]): Statement[] {
  const readerships = readershipsOf(names, datasets);
  if (readerships.length === 0) return [];
  return [
    {
      // Engines ask where the bucket is before they read (Athena user guide, cross-account-permissions).
      Sid: "ReadersLocate",
      Effect: "Allow",
      Principal: accounts(names, everybodyOf(readerships)),
      Action: "s3:GetBucketLocation",
      Resource: names.bucketArn,
    },
    ...readerships.flatMap(({ accountIds, outputPrefixes }, index): Statement[] => [
      {
        Sid: `ReadersList${index + 1}`,
        Effect: "Allow",
        Principal: accounts(names, accountIds),
        Action: "s3:ListBucket",
        Resource: names.bucketArn,
        Condition: { StringLike: { "s3:prefix": outputPrefixes.map((prefix) => `${prefix}*`) } },
      },
      {
        Sid: `ReadersRead${index + 1}`,
        Effect: "Allow",
        Principal: accounts(names, accountIds),
        Action: "s3:GetObject",
        Resource: outputPrefixes.map((prefix) => names.objectArn(`${prefix}*`)),
      },
    ]),
  ];
}

/** What the policy of the key that encrypts the output allows to the same accounts: to decrypt, through S3. */
export function readersOfKey(names: Names, datasets: readonly Dataset[]): Statement[] {
  const accountIds = everybodyOf(readershipsOf(names, datasets));
  if (accountIds.length === 0) return [];
  return [
    {
      Sid: "ReadersDecrypt",
      Effect: "Allow",
      Principal: accounts(names, accountIds),
      Action: "kms:Decrypt",
      Resource: "*",
      Condition: { StringEquals: { "kms:ViaService": names.service("s3") } },
    },
  ];
}

/** Statements for policies that are not the program's: their owner adds them to what stands there. */
export interface OwnerStatements {
  readonly bucketPolicy: PolicyDocument;
  /** Where the bucket is encrypted with a key of its own. */
  readonly keyPolicy?: PolicyDocument;
}

/** What the owner of an existing bucket adds so that readers in other accounts can read; undefined where there are none. */
export function ownerStatements(names: Names, datasets: readonly Dataset[]): OwnerStatements | undefined {
  const bucket = readersOfBucket(names, datasets);
  if (!names.existing.bucket || bucket.length === 0) return undefined;
  return {
    bucketPolicy: policyDocument(bucket),
    ...(names.existing.bucketKeyArn === undefined ? {} : { keyPolicy: policyDocument(readersOfKey(names, datasets)) }),
  };
}

/**
 * One readership for each set of accounts, however many datasets it reads: the documents have limits. Sorted, so that
 * the order of the declarations changes no policy. The stack's own account needs no statement; it is dropped, because
 * one declaration is deployed to several accounts.
 */
function readershipsOf(names: Names, datasets: readonly Dataset[]): Readership[] {
  const prefixesOf = new Map<string, string[]>();
  for (const dataset of datasets) {
    const accountIds = new Set((dataset.readers ?? []).flatMap((reader) => reader.accountIds));
    accountIds.delete(names.accountId);
    if (accountIds.size === 0) continue;
    const set = [...accountIds].sort().join();
    const prefixes = prefixesOf.get(set) ?? [];
    prefixes.push(addresses(dataset, names.bucket).outputPrefix);
    prefixesOf.set(set, prefixes);
  }
  return [...prefixesOf.keys()]
    .sort()
    .map((set) => ({ accountIds: set.split(","), outputPrefixes: (prefixesOf.get(set) ?? []).sort() }));
}

function everybodyOf(readerships: readonly Readership[]): string[] {
  return [...new Set(readerships.flatMap(({ accountIds }) => accountIds))].sort();
}

function accounts(names: Names, accountIds: readonly string[]): { readonly AWS: readonly string[] } {
  return { AWS: accountIds.map(names.rootArn) };
}
