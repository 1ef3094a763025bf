import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Registered } from "../support/mocks";

/** Makes a resource of one type. What it takes is what the component program gave to the same class. */
type Make = (name: string, inputs: object) => pulumi.CustomResource;

const make =
  <Args>(type: new (name: string, args: Args) => pulumi.CustomResource): Make =>
  (name, inputs) =>
    new type(name, inputs as Args);

/** The provider's classes, by type token. */
const CLASSES: Readonly<Record<string, () => Make>> = {
  "aws:athena/namedQuery:NamedQuery": () => make(aws.athena.NamedQuery),
  "aws:athena/workgroup:Workgroup": () => make(aws.athena.Workgroup),
  "aws:cloudwatch/dashboard:Dashboard": () => make(aws.cloudwatch.Dashboard),
  "aws:cloudwatch/eventRule:EventRule": () => make(aws.cloudwatch.EventRule),
  "aws:cloudwatch/eventTarget:EventTarget": () => make(aws.cloudwatch.EventTarget),
  "aws:cloudwatch/logGroup:LogGroup": () => make(aws.cloudwatch.LogGroup),
  "aws:cloudwatch/metricAlarm:MetricAlarm": () => make(aws.cloudwatch.MetricAlarm),
  "aws:glue/catalogDatabase:CatalogDatabase": () => make(aws.glue.CatalogDatabase),
  "aws:glue/catalogTable:CatalogTable": () => make(aws.glue.CatalogTable),
  "aws:iam/role:Role": () => make(aws.iam.Role),
  "aws:iam/rolePolicy:RolePolicy": () => make(aws.iam.RolePolicy),
  "aws:kms/alias:Alias": () => make(aws.kms.Alias),
  "aws:kms/key:Key": () => make(aws.kms.Key),
  "aws:lambda/function:Function": () => make(aws.lambda.Function),
  "aws:s3/bucket:Bucket": () => make(aws.s3.Bucket),
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": () => make(aws.s3.BucketLifecycleConfiguration),
  "aws:s3/bucketObjectv2:BucketObjectv2": () => make(aws.s3.BucketObjectv2),
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": () => make(aws.s3.BucketOwnershipControls),
  "aws:s3/bucketPolicy:BucketPolicy": () => make(aws.s3.BucketPolicy),
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": () => make(aws.s3.BucketPublicAccessBlock),
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": () =>
    make(aws.s3.BucketServerSideEncryptionConfiguration),
  "aws:s3/bucketVersioning:BucketVersioning": () => make(aws.s3.BucketVersioning),
  "aws:sagemaker/pipeline:Pipeline": () => make(aws.sagemaker.Pipeline),
  "aws:scheduler/schedule:Schedule": () => make(aws.scheduler.Schedule),
  "aws:scheduler/scheduleGroup:ScheduleGroup": () => make(aws.scheduler.ScheduleGroup),
  "aws:sns/topic:Topic": () => make(aws.sns.Topic),
  "aws:sns/topicSubscription:TopicSubscription": () => make(aws.sns.TopicSubscription),
  "aws:sqs/queue:Queue": () => make(aws.sqs.Queue),
};

/**
 * The floor: the same resources with the same inputs, each a plain `new aws.…`, without components, dependencies or
 * anything to derive.
 */
export const flatProgram = (resources: readonly Registered[]) => async () => {
  for (const { type, name, inputs } of resources) {
    const load = CLASSES[type];
    if (!load) throw new Error(`the flat program knows no class for ${type}; add it to CLASSES`);
    load()(name, Object.fromEntries(Object.entries(inputs).map(revived)));
  }
  return {};
};

/** The provider's resources of a component program, as JSON can hold them. */
export async function flattened(registered: readonly Registered[]): Promise<Registered[]> {
  const own = registered.filter(({ type }) => type.startsWith("aws:"));
  return Promise.all(
    own.map(async ({ type, name, inputs }) => ({
      ...{ type, name },
      inputs: Object.fromEntries(
        await Promise.all(Object.entries(inputs).map(async ([key, value]) => [key, await written(value)] as const)),
      ),
    })),
  );
}

/** An archive by the texts of its files; the constructors take other values as they are. */
async function written(value: unknown): Promise<unknown> {
  if (!(value instanceof pulumi.asset.AssetArchive)) return value;
  const files = Object.entries(await value.assets).map(async ([file, asset]) => {
    if (!(asset instanceof pulumi.asset.StringAsset)) throw new Error(`'${file}' is no text`);
    return [file, await asset.text] as const;
  });
  return { [ARCHIVE]: Object.fromEntries(await Promise.all(files)) };
}

const ARCHIVE = "archiveOfTexts";

function revived([key, value]: [string, unknown]): [string, unknown] {
  if (typeof value !== "object" || value === null || !(ARCHIVE in value)) return [key, value];
  const texts = Object.entries(value[ARCHIVE] as Record<string, string>);
  const assets = texts.map(([file, text]) => [file, new pulumi.asset.StringAsset(text)] as const);
  return [key, new pulumi.asset.AssetArchive(Object.fromEntries(assets))];
}
