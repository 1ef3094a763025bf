import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Dataset } from "../contract/dataset";
import { queryResults } from "../contract/layout";
import type { Names } from "../contract/names";
import { WORDS } from "../contract/page/words";
import { sampleText } from "../contract/sql";

export interface WorkgroupArgs {
  readonly names: Names;
  readonly datasets: readonly Dataset[];
  /** Key of the results. */
  readonly keyArn: pulumi.Input<string>;
  /** A query that would read more is cancelled; GiB. */
  readonly scanLimitGiB: number;
}

/**
 * The Athena workgroup for questions to the stack's tables, and statements to begin with. What it says is enforced: a query can neither choose another
 * place for its results nor leave them unencrypted, and one that forgot its partition filter is cut off.
 */
export class Workgroup extends pulumi.ComponentResource {
  /** Known at preview. */
  readonly workgroup: string;

  constructor(name: string, args: WorkgroupArgs, opts?: pulumi.ComponentResourceOptions) {
    super("partitions:components:Workgroup", name, {}, opts);
    const { names, datasets, keyArn, scanLimitGiB } = args;
    this.workgroup = names.workgroup;
    const workgroup = new aws.athena.Workgroup(
      `${name}-workgroup`,
      {
        name: names.workgroup,
        description: `questions to the tables of ${names.base}`,
        configuration: {
          enforceWorkgroupConfiguration: true,
          publishCloudwatchMetricsEnabled: true,
          bytesScannedCutoffPerQuery: scanLimitGiB * 1024 ** 3,
          resultConfiguration: {
            outputLocation: queryResults(names.bucket),
            // A bucket of this name in another account gets nothing, and an existing one of another account neither.
            expectedBucketOwner: names.accountId,
            encryptionConfiguration: { encryptionOption: "SSE_KMS", kmsKeyArn: keyArn },
          },
        },
        // All that a workgroup holds is the history of its queries.
        forceDestroy: true,
      },
      { parent: this },
    );
    new aws.athena.NamedQuery(
      `${name}-samples`,
      {
        name: `${names.base}-samples`,
        description: "statements to begin with, for every dataset; select one and run it",
        workgroup: workgroup.name,
        database: names.database,
        query: sampleText(datasets, names.database, (kind) => WORDS.en.queries[kind]),
      },
      { parent: this },
    );
    this.registerOutputs({ workgroup: this.workgroup });
  }
}
