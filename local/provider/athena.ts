import * as athena from "@aws-sdk/client-athena";
import { z } from "zod";
import type { Aws } from "./clients";
import { row } from "./row";
import { compact, sized, tags } from "./values";

const configuration = z.strictObject({
  enforceWorkgroupConfiguration: z.boolean().optional(),
  publishCloudwatchMetricsEnabled: z.boolean().optional(),
  bytesScannedCutoffPerQuery: z.number().min(10_485_760).optional(),
  resultConfiguration: z
    .strictObject({
      outputLocation: z.string().optional(),
      expectedBucketOwner: z.string().optional(),
      encryptionConfiguration: z
        .strictObject({ encryptionOption: z.enum(athena.EncryptionOption), kmsKeyArn: z.string().optional() })
        .optional(),
    })
    .optional(),
});

interface Inputs {
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  readonly configuration?: z.infer<typeof configuration> | undefined;
}

const workgroup = row({
  type: "aws:athena/workgroup:Workgroup",
  inputs: z.strictObject({
    name: z.string().optional(),
    description: z.string().optional(),
    configuration: configuration.optional(),
    forceDestroy: z.boolean().optional(),
    state: z.enum(athena.WorkGroupState).optional(),
    tags: tags(),
  }),
  defaults: { state: "ENABLED", forceDestroy: false },
  autoname: "name",
  replaces: ["name"],
  computed: ["arn"],
  create: async (aws, inputs) => {
    await make(aws, inputs);
    return inputs.name ?? "";
  },
  read: async (aws, id) => {
    const found = await aws.athena.send(new athena.GetWorkGroupCommand({ WorkGroup: id })).catch((error: unknown) => {
      if (error instanceof Error && /is not found/.test(error.message)) return undefined;
      throw error;
    });
    // moto answers with nothing where AWS has an error.
    if (!found?.WorkGroup) return undefined;
    const { Description, Configuration, State } = found.WorkGroup;
    return {
      ...{ name: id, description: Description || undefined, state: State },
      configuration: Configuration && configurationOf(Configuration),
      arn: `arn:${aws.partition}:athena:${aws.region}:${aws.accountId}:workgroup/${id}`,
    };
  },
  // moto has no UpdateWorkGroup: the same one is made anew, and on the laptop it has no history to lose.
  update: async (aws, { id, inputs }) => {
    await drop(aws, id);
    await make(aws, inputs);
  },
  remove: drop,
});

async function make(aws: Aws, { name = "", description, configuration: given }: Inputs): Promise<void> {
  const { resultConfiguration: results, ...rest } = given ?? {};
  await aws.athena.send(
    new athena.CreateWorkGroupCommand({
      Name: name,
      Description: description,
      Configuration: {
        EnforceWorkGroupConfiguration: rest.enforceWorkgroupConfiguration,
        PublishCloudWatchMetricsEnabled: rest.publishCloudwatchMetricsEnabled,
        BytesScannedCutoffPerQuery: rest.bytesScannedCutoffPerQuery,
        ResultConfiguration: {
          OutputLocation: results?.outputLocation,
          ExpectedBucketOwner: results?.expectedBucketOwner,
          EncryptionConfiguration: results?.encryptionConfiguration && {
            EncryptionOption: results.encryptionConfiguration.encryptionOption,
            KmsKey: results.encryptionConfiguration.kmsKeyArn,
          },
        },
      },
    }),
  );
}

function configurationOf(found: athena.WorkGroupConfiguration): z.infer<typeof configuration> {
  const { ResultConfiguration: results } = found;
  const encryption = results?.EncryptionConfiguration;
  return compact({
    enforceWorkgroupConfiguration: found.EnforceWorkGroupConfiguration,
    publishCloudwatchMetricsEnabled: found.PublishCloudWatchMetricsEnabled,
    bytesScannedCutoffPerQuery: found.BytesScannedCutoffPerQuery,
    resultConfiguration:
      results &&
      compact({
        outputLocation: results.OutputLocation,
        expectedBucketOwner: results.ExpectedBucketOwner,
        encryptionConfiguration:
          encryption?.EncryptionOption &&
          compact({ encryptionOption: encryption.EncryptionOption, kmsKeyArn: encryption.KmsKey }),
      }),
  });
}

async function drop(aws: Aws, id: string): Promise<void> {
  await aws.athena.send(new athena.DeleteWorkGroupCommand({ WorkGroup: id, RecursiveDeleteOption: true }));
}

const namedQuery = row({
  type: "aws:athena/namedQuery:NamedQuery",
  inputs: z.strictObject({
    name: sized(1, 128),
    description: sized(1, 1024).optional(),
    workgroup: z.string().default("primary"),
    database: sized(1, 255),
    query: sized(1, 262_144),
  }),
  replaces: ["name", "description", "workgroup", "database", "query"],
  computed: [],
  create: async (aws, { name, description, workgroup: WorkGroup, database, query }) => {
    const made = await aws.athena.send(
      new athena.CreateNamedQueryCommand({
        ...{ Name: name, Description: description, WorkGroup, Database: database, QueryString: query },
      }),
    );
    return made.NamedQueryId ?? "";
  },
  read: async (aws, id) => {
    const { NamedQuery: found } = await aws.athena.send(new athena.GetNamedQueryCommand({ NamedQueryId: id }));
    return (
      found && {
        ...{ name: found.Name, description: found.Description || undefined, workgroup: found.WorkGroup },
        ...{ database: found.Database, query: found.QueryString },
      }
    );
  },
  // moto has no DeleteNamedQuery, and takes two of one name.
  remove: () => Promise.resolve(),
});

export const rows = [workgroup, namedQuery];
