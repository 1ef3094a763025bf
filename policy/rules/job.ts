import type { ResourceValidation, ResourceValidationPolicy } from "@pulumi/policy";
import { AWS_IMAGE_ACCOUNTS } from "../awsImages";
import { byDefault, child, jobsOf, portsOfJob, type Job } from "../definition";
import { PIPELINE } from "../kinds";
import { literalOf } from "../locations";
import { known, onResource, show, type Found } from "../resources";
import { PRODUCTION } from "../rule";
import { secretsIn } from "../secrets";

const JOB_API = "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateProcessingJob.html";
const GUIDE = "https://docs.aws.amazon.com/sagemaker/latest/dg";

/** What is around a job: the whole definition, the pipeline's role, and the rule's configuration. */
interface Around {
  readonly definition: string;
  readonly roleArn: string | undefined;
  readonly config: Found<unknown>["config"];
}

/** What is wrong with one processing step. */
export type JobCheck = (job: Job, around: Around) => readonly string[];

function onJobs(check: JobCheck, isOn: (config: Around["config"]) => boolean = () => true): ResourceValidation {
  return onResource(PIPELINE, (pipeline, { name, config }, report) => {
    if (!isOn(config)) return;
    const definition = pipeline.pipelineDefinition ?? "";
    // A role that is not known yet is certainly not the job's: that one is in a known text.
    const around = { definition, config, roleArn: known(() => pipeline.roleArn) };
    for (const job of jobsOf(definition))
      for (const problem of check(job, around)) report(`pipeline '${name}', ${job.where}: ${problem}`);
  });
}

const clusterOf = (job: Job) => child(child(job.request, "ProcessingResources"), "ClusterConfig");

const isolated: JobCheck = ({ request }) => {
  const got = child(request, "NetworkConfig")["EnableNetworkIsolation"];
  return got === true ? [] : [`EnableNetworkIsolation is ${show(got)}, expected true`];
};

export const jobIsolation: ResourceValidationPolicy = {
  name: "aws-sagemaker-job-isolate-network",
  description: "Processing jobs have no network: SageMaker itself moves their inputs and outputs.",
  enforcementLevel: "advisory",
  severity: "high",
  remediationSteps:
    "Set NetworkConfig.EnableNetworkIsolation, and put what calls AWS or pip into the image or a Lambda step.",
  url: `${GUIDE}/mkt-algo-model-internet-free.html`,
  tags: [PRODUCTION, "SecurityHub SageMaker.5", "CKV_AWS_370", "Prowler training_jobs_network_isolation"],
  validateResource: onJobs(isolated),
};

const trafficEncrypted: JobCheck = (job, { definition }) => {
  const count = Number(byDefault(definition, clusterOf(job)["InstanceCount"]) ?? 1);
  const got = child(job.request, "NetworkConfig")["EnableInterContainerTrafficEncryption"];
  return count < 2 || got === true
    ? []
    : [`EnableInterContainerTrafficEncryption is ${show(got)} with ${count} instances, expected true`];
};

export const jobTraffic: ResourceValidationPolicy = {
  name: "aws-sagemaker-job-encrypt-traffic",
  description: "Processing jobs on several instances encrypt what these send each other.",
  enforcementLevel: "mandatory",
  severity: "medium",
  remediationSteps: "Set NetworkConfig.EnableInterContainerTrafficEncryption.",
  url: `${GUIDE}/train-encrypt.html`,
  tags: ["SecurityHub SageMaker.15", "CKV_AWS_369"],
  validateResource: onJobs(trafficEncrypted),
};

/** Instance types with disks of their own, which their hardware encrypts: the API refuses a key there. */
const OWN_DISKS = /^ml\.(?:[a-z]+\d+[a-z]*d[a-z]*|g4dn|g5|g6e?|p3dn|p4d|p4de|p5e?n?|trn1n?|trn2)\./;

const volumeEncrypted: JobCheck = (job, { definition }) => {
  const cluster = clusterOf(job);
  const type = byDefault(definition, cluster["InstanceType"]);
  if (cluster["VolumeKmsKeyId"] || (typeof type === "string" && OWN_DISKS.test(type))) return [];
  return [`VolumeKmsKeyId is absent on ${show(type)}, expected a key of this account`];
};

export const jobVolume: ResourceValidationPolicy = {
  name: "aws-sagemaker-job-encrypt-volume",
  description: "The disks of processing jobs are encrypted by a key of this account.",
  enforcementLevel: "mandatory",
  severity: "high",
  remediationSteps: "Set ProcessingResources.ClusterConfig.VolumeKmsKeyId.",
  url: "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProcessingClusterConfig.html",
  tags: ["CKV_AWS_367", "CKV_AWS_368", "SecurityHub SageMaker.21", "SecurityHub SageMaker.23"],
  validateResource: onJobs(volumeEncrypted),
};

const outputEncrypted: JobCheck = (job) => {
  const config = child(job.request, "ProcessingOutputConfig");
  const { outputs } = portsOfJob(job);
  return outputs.length === 0 || config["KmsKeyId"]
    ? []
    : ["KmsKeyId of its outputs is absent, expected the key of the bucket"];
};

export const jobOutputKey: ResourceValidationPolicy = {
  name: "aws-sagemaker-job-encrypt-output",
  description: "The outputs of processing jobs are encrypted by a key of this account.",
  enforcementLevel: "mandatory",
  severity: "high",
  remediationSteps: "Set ProcessingOutputConfig.KmsKeyId to the key of the bucket.",
  url: "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProcessingOutputConfig.html",
  tags: ["CKV_AWS_367", "SecurityHub SageMaker.17", "SecurityHub SageMaker.24"],
  validateResource: onJobs(outputEncrypted),
};

const inVpc: JobCheck = ({ request }, { config }) => {
  if (config["network"] !== "vpc") return [];
  const vpc = child(child(request, "NetworkConfig"), "VpcConfig");
  return ["Subnets", "SecurityGroupIds"].flatMap((member) => {
    const got = vpc[member];
    return (Array.isArray(got) && got.length > 0) || (got !== undefined && !Array.isArray(got))
      ? []
      : [`VpcConfig.${member} is absent, expected at least 1`];
  });
};

export const jobVpc: ResourceValidationPolicy = {
  name: "aws-sagemaker-job-stay-in-vpc",
  description: "Where the network is a VPC, processing jobs name its subnets and security groups.",
  enforcementLevel: "mandatory",
  severity: "medium",
  remediationSteps: "Set NetworkConfig.VpcConfig, or the parameter network to another word.",
  url: `${GUIDE}/process-vpc.html`,
  tags: ["SecurityHub SageMaker.2", "Prowler training_jobs_vpc_settings"],
  configSchema: { properties: { network: { type: "string" } } },
  validateResource: onJobs(inVpc, (config) => config["network"] === "vpc"),
};

const ends: JobCheck = ({ request }) => {
  const got = child(request, "StoppingCondition")["MaxRuntimeInSeconds"];
  return got === undefined ? ["MaxRuntimeInSeconds is absent, expected a number of seconds"] : [];
};

export const jobEnds: ResourceValidationPolicy = {
  name: "aws-sagemaker-job-limit-runtime",
  description: "Processing jobs end after a time: one that hangs costs a day otherwise.",
  enforcementLevel: "mandatory",
  severity: "medium",
  remediationSteps: "Set StoppingCondition.MaxRuntimeInSeconds.",
  url: "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProcessingStoppingCondition.html",
  validateResource: onJobs(ends),
};

const ownRole: JobCheck = ({ request }, { roleArn }) => {
  const got = request["RoleArn"];
  if (got === undefined || got === null || got === "") return ["RoleArn is absent, expected a role of its own"];
  return got === roleArn ? [`RoleArn is '${roleArn}', which is the pipeline's, expected a role of its own`] : [];
};

export const jobRole: ResourceValidationPolicy = {
  name: "aws-sagemaker-job-have-own-role",
  description: "Processing jobs have a role of their own: the pipeline's may start jobs and hand on roles.",
  enforcementLevel: "mandatory",
  severity: "high",
  remediationSteps: "Set RoleArn of the step to a role that reads and writes the dataset's folders only.",
  url: `${GUIDE}/build-and-manage-access.html`,
  validateResource: onJobs(ownRole),
};

const MOST = 10;

const fewPorts: JobCheck = (job) => {
  const { inputs, outputs } = portsOfJob(job);
  return [
    ...(outputs.length > MOST ? [`${outputs.length} outputs, expected at most ${MOST}`] : []),
    ...(inputs.length > MOST ? [`${inputs.length} inputs, expected at most ${MOST}`] : []),
  ];
};

export const jobPorts: ResourceValidationPolicy = {
  name: "aws-sagemaker-job-keep-to-ten-outputs",
  description: "Processing jobs have at most ten inputs and ten outputs: SageMaker takes no more.",
  enforcementLevel: "mandatory",
  severity: "high",
  remediationSteps: "Let the script write several folders into one output.",
  url: JOB_API,
  validateResource: onJobs(fewPorts),
};

const withoutSecrets: JobCheck = ({ request }) => {
  const { ContainerArguments: given, ContainerEntrypoint: entry } = child(request, "AppSpecification");
  const holds = (what: string, value: unknown) =>
    secretsIn(value).map((secret) => `${what} holds ${secret}, expected the ARN of a secret`);
  return [
    ...holds("Environment", request["Environment"]),
    ...holds("ContainerArguments", given),
    ...holds("ContainerEntrypoint", entry),
  ];
};

export const jobSecrets: ResourceValidationPolicy = {
  name: "aws-sagemaker-job-hold-no-secret",
  description: "Processing jobs get no secret as environment or argument: everybody who may look at them reads it.",
  enforcementLevel: "mandatory",
  severity: "critical",
  remediationSteps: "Keep it in Secrets Manager, pass its ARN, and read it in the script.",
  url: JOB_API,
  tags: ["CKV_AWS_45"],
  validateResource: onJobs(withoutSecrets),
};

/** The account of `<account>.dkr.ecr.<region>.<domain>/<repository>`, and what follows the repository. */
const IN_ECR = /^(\d{12})\.dkr\.ecr\.[^/]+\/[^:@]+(.*)$/;

const byDigest: JobCheck = ({ request }, { definition }) => {
  const image = literalOf(byDefault(definition, child(request, "AppSpecification")["ImageUri"]));
  const [, account, rest = ""] = (image.whole && IN_ECR.exec(image.text)) || [];
  if (account === undefined || rest.startsWith("@sha256:")) return [];
  if (AWS_IMAGE_ACCOUNTS.has(account)) return [];
  return [`ImageUri is '${image.text}', expected '${image.text.split(/[:@]/)[0] ?? ""}@sha256:<digest>'`];
};

export const jobImage: ResourceValidationPolicy = {
  name: "aws-sagemaker-job-name-image-by-digest",
  description: "Processing jobs name their image by digest: what runs next year is what was tested.",
  enforcementLevel: "advisory",
  severity: "medium",
  remediationSteps: "Write @sha256:<digest> in the place of the tag.",
  url: "https://docs.aws.amazon.com/AmazonECR/latest/userguide/docker-pull-ecr-image.html",
  tags: [PRODUCTION],
  validateResource: onJobs(byDigest),
};

/** What holds for every job wherever its definition lies, and at every level. */
export const JOB_CHECKS: readonly JobCheck[] = [
  ...[trafficEncrypted, volumeEncrypted, outputEncrypted, inVpc, ends, ownRole, fewPorts, withoutSecrets],
];
