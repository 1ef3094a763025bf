import { foreignImageOf } from "../../contract/compute";
import type { Dataset } from "../../contract/dataset";
import { addresses } from "../../contract/layout";
import type { Names } from "../../contract/names";
import { parseS3Uri } from "../../contract/parse";
import { jobInterfaces } from "./interfaces";
import { bucketKeyUse, keyUse, volumeGrants } from "./key";
import { fitting, policyDocument, type PolicyDocument, type Statement } from "./statement";

/** SageMaker's own log group for processing jobs, one for the account. */
const JOB_LOGS = "/aws/sagemaker/ProcessingJobs";

/** To read what is encrypted and to write it again; `Encrypt` is what the documentation names for an output's key. */
const USE_OF_KEY = ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"];

/**
 * What a dataset's processing jobs may do: read its raw files and code, write its output, pull the image, log.
 * Nothing is deleted, no catalogue is touched, no other dataset's prefix is seen.
 * (https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html, CreateProcessingJob)
 *
 * @throws ContractError when the jobs read more folders than a policy holds
 */
export function jobPolicy(names: Names, dataset: Dataset): PolicyDocument {
  const at = addresses(dataset, names.bucket);
  const document = policyDocument([
    ...readFolders(names, readFoldersOf(names, dataset)),
    {
      Sid: "WriteOutput",
      Effect: "Allow",
      Action: ["s3:PutObject", "s3:AbortMultipartUpload"],
      Resource: [at.outputPrefix, at.executionPrefix].map((prefix) => names.objectArn(`${prefix}*`)),
    },
    keyUse(names, "DataKeyViaS3", "s3", USE_OF_KEY),
    ...bucketKeyUse(names, USE_OF_KEY),
    volumeGrants(names),
    // The action has no resource type: `*` is the only resource it takes.
    { Sid: "RegistryToken", Effect: "Allow", Action: "ecr:GetAuthorizationToken", Resource: "*" },
    {
      Sid: "PullImage",
      Effect: "Allow",
      Action: ["ecr:BatchCheckLayerAvailability", "ecr:GetDownloadUrlForLayer", "ecr:BatchGetImage"],
      Resource: repositoriesOf(names, dataset),
    },
    {
      Sid: "WriteLogs",
      Effect: "Allow",
      Action: ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"],
      Resource: [names.logGroupArn(JOB_LOGS), names.logGroupArn(`${JOB_LOGS}:log-stream:*`)],
    },
    {
      Sid: "JobMetrics",
      Effect: "Allow",
      Action: "cloudwatch:PutMetricData",
      Resource: "*",
      Condition: { StringEquals: { "cloudwatch:namespace": JOB_LOGS } },
    },
    ...jobInterfaces(names),
  ]);
  return fitting("role", `the jobs of dataset '${dataset.name}'`, document, "read fewer folders, or one above them");
}

/** The repositories of the images that a dataset's steps run in: the stack's, given ones, SageMaker's own. */
function repositoriesOf(names: Names, { steps }: Dataset): string[] {
  const arns = steps.map((step) => {
    const image = foreignImageOf(step, names.region);
    return image === undefined ? names.repositoryArn : names.repositoryArnOf(image);
  });
  return [...new Set(arns)].sort();
}

/** The S3 folders that the jobs of a dataset read: its own, and those that its steps name as inputs. */
function readFoldersOf(names: Names, dataset: Dataset): S3Folder[] {
  const at = addresses(dataset, names.bucket);
  const own = [at.rawPrefix, at.codePrefix, at.executionPrefix].map((key) => ({ bucket: names.bucket, key }));
  const named = dataset.steps
    .flatMap((step) => Object.values(step.inputs))
    .flatMap((source) => {
      if (source.kind === "folder") return parseS3Uri(at.folder(source.folder)) ?? [];
      if (source.kind === "dataset")
        return { bucket: names.bucket, key: addresses(source.dataset, names.bucket).outputPrefix };
      return [];
    });
  return [...own, ...named];
}

interface S3Folder {
  readonly bucket: string;
  readonly key: string;
}

/** One statement to list each bucket, below the folders only, and one to read what is in them. */
function readFolders(names: Names, folders: readonly S3Folder[]): Statement[] {
  const buckets = [...new Set(folders.map(({ bucket }) => bucket))];
  return [
    ...buckets.map((bucket, index) => ({
      Sid: index === 0 ? "ListInput" : `ListInput${index + 1}`,
      Effect: "Allow" as const,
      Action: "s3:ListBucket",
      Resource: names.bucketArnOf(bucket),
      Condition: {
        StringLike: { "s3:prefix": folders.filter((each) => each.bucket === bucket).map(({ key }) => `${key}*`) },
      },
    })),
    {
      Sid: "ReadInputAndCode",
      Effect: "Allow",
      Action: "s3:GetObject",
      Resource: folders.map(({ bucket, key }) => `${names.bucketArnOf(bucket)}/${key}*`),
    },
  ];
}
