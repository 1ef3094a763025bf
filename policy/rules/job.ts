import { AWS_IMAGE_ACCOUNTS } from "../awsImages";
import { byDefault, child, jobsOf, portsOfJob, type Job } from "../definition";
import { literalOf, told } from "../locations";
import { onDefinitions } from "../onDefinitions";
import { known, show, type Found } from "../resources";
import { PRODUCTION, type DefinitionPolicy } from "../rule";

const JOB_API = "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateProcessingJob.html";
const GUIDE = "https://docs.aws.amazon.com/sagemaker/latest/dg";

/** What is around a job: the pipeline's role, and the rule's configuration. */
interface Around {
  readonly roleArn: string | undefined;
  readonly config: Found<unknown>["config"];
}

/** What is wrong with one processing job. */
type JobCheck = (job: Job, around: Around) => readonly string[];

function onJobs(check: JobCheck, isOn: (config: Around["config"]) => boolean = () => true) {
  return onDefinitions((definition, { name, config, props }, report) => {
    if (!isOn(config)) return;
    // A role that is not known yet is certainly not the job's: that one is in a known text.
    const around = { config, roleArn: known(() => props.roleArn) };
    for (const job of jobsOf(definition))
      for (const problem of check(job, around)) report(`pipeline '${name}', ${job.where}: ${problem}`);
  });
}

const clusterOf = (job: Job) => child(child(job.request, "ProcessingResources"), "ClusterConfig");

const isolated: JobCheck = ({ request }) => {
  const got = child(request, "NetworkConfig")["EnableNetworkIsolation"];
  return got === true ? [] : [`EnableNetworkIsolation is ${show(got)}, expected true`];
};

export const jobIsolation: DefinitionPolicy = {
  name: "aws-sagemaker-job-isolate-network",
  description: "Processing jobs have no network: SageMaker itself moves their inputs and outputs.",
  enforcementLevel: "advisory",
  severity: "high",
  remediationSteps:
    "Set NetworkConfig.EnableNetworkIsolation, and put what calls AWS or pip into the image or a Lambda step.",
  url: `${GUIDE}/mkt-algo-model-internet-free.html`,
  tags: [PRODUCTION, "SecurityHub SageMaker.5", "CKV_AWS_370", "Prowler training_jobs_network_isolation"],
  ...onJobs(isolated),
};

const trafficEncrypted: JobCheck = (job) => {
  const count = Number(byDefault(clusterOf(job)["InstanceCount"]) ?? 1);
  const got = child(job.request, "NetworkConfig")["EnableInterContainerTrafficEncryption"];
  return count < 2 || got === true
    ? []
    : [`EnableInterContainerTrafficEncryption is ${show(got)} with ${count} instances, expected true`];
};

export const jobTraffic: DefinitionPolicy = {
  name: "aws-sagemaker-job-encrypt-traffic",
  description: "Processing jobs on several instances encrypt what these send each other.",
  enforcementLevel: "mandatory",
  severity: "medium",
  remediationSteps: "Set NetworkConfig.EnableInterContainerTrafficEncryption.",
  url: `${GUIDE}/train-encrypt.html`,
  tags: ["SecurityHub SageMaker.15", "CKV_AWS_369"],
  ...onJobs(trafficEncrypted),
};

/** Instance types with disks of their own, which their hardware encrypts: the API refuses a key there. */
const OWN_DISKS = /^ml\.(?:[a-z]+\d+[a-z]*d[a-z]*|g4dn|g5|g6e?|p3dn|p4d|p4de|p5e?n?|trn1n?|trn2)\./;

/** A key that AWS keeps for a service: nobody can say who may use it. */
const isOfAws = (key: unknown): boolean => /(^|:)alias\/aws\//.test(literalOf(key).text);

/** What is wrong with the key of something. */
function keyProblems(what: string, key: unknown, absent: string): string[] {
  if (!key) return [`${what} is absent${absent}`];
  return isOfAws(key) ? [`${what} is ${told(literalOf(key))}, which is AWS's own, expected a key of this account`] : [];
}

const volumeEncrypted: JobCheck = (job) => {
  const { InstanceType: given, VolumeKmsKeyId: key } = clusterOf(job);
  const type = byDefault(given);
  const on = type === undefined ? "" : ` on ${show(type)}`;
  if (typeof type !== "string" || !OWN_DISKS.test(type))
    return keyProblems("VolumeKmsKeyId", key, `${on}, expected a key of this account`);
  return key ? [`VolumeKmsKeyId is given${on}, expected none: its hardware encrypts its own disks`] : [];
};

export const jobVolume: DefinitionPolicy = {
  name: "aws-sagemaker-job-encrypt-volume",
  description: "The disks of processing jobs are encrypted by a key of this account.",
  enforcementLevel: "mandatory",
  severity: "high",
  remediationSteps: "Set ProcessingResources.ClusterConfig.VolumeKmsKeyId, but on instances with disks of their own.",
  url: "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProcessingClusterConfig.html",
  tags: ["CKV_AWS_367", "CKV_AWS_368", "SecurityHub SageMaker.21", "SecurityHub SageMaker.23"],
  ...onJobs(volumeEncrypted),
};

const outputEncrypted: JobCheck = (job) =>
  portsOfJob(job).outputs.length === 0
    ? []
    : keyProblems(
        "KmsKeyId of its outputs",
        child(job.request, "ProcessingOutputConfig")["KmsKeyId"],
        ", expected the key of the bucket",
      );

export const jobOutputKey: DefinitionPolicy = {
  name: "aws-sagemaker-job-encrypt-output",
  description: "The outputs of processing jobs are encrypted by a key of this account.",
  enforcementLevel: "mandatory",
  severity: "high",
  remediationSteps: "Set ProcessingOutputConfig.KmsKeyId to the key of the bucket.",
  url: "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProcessingOutputConfig.html",
  tags: ["CKV_AWS_367", "SecurityHub SageMaker.17", "SecurityHub SageMaker.24"],
  ...onJobs(outputEncrypted),
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

export const jobVpc: DefinitionPolicy = {
  name: "aws-sagemaker-job-stay-in-vpc",
  description: "Where the network is a VPC, processing jobs name its subnets and security groups.",
  enforcementLevel: "mandatory",
  severity: "medium",
  remediationSteps: "Set NetworkConfig.VpcConfig, or the parameter network to another word.",
  url: `${GUIDE}/process-vpc.html`,
  tags: ["SecurityHub SageMaker.2", "Prowler training_jobs_vpc_settings"],
  configSchema: { properties: { network: { type: "string" } } },
  ...onJobs(inVpc, (config) => config["network"] === "vpc"),
};

const ends: JobCheck = ({ request }) => {
  const got = child(request, "StoppingCondition")["MaxRuntimeInSeconds"];
  return got === undefined ? ["MaxRuntimeInSeconds is absent, expected a number of seconds"] : [];
};

export const jobEnds: DefinitionPolicy = {
  name: "aws-sagemaker-job-limit-runtime",
  description: "Processing jobs end after a time: one that hangs costs a day otherwise.",
  enforcementLevel: "mandatory",
  severity: "medium",
  remediationSteps: "Set StoppingCondition.MaxRuntimeInSeconds.",
  url: "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProcessingStoppingCondition.html",
  ...onJobs(ends),
};

const ownRole: JobCheck = ({ request }, { roleArn }) => {
  const { RoleArn: got } = request;
  if (got === undefined || got === null || got === "") return ["RoleArn is absent, expected a role of its own"];
  const role = literalOf(got);
  return role.whole && role.text === roleArn
    ? [`RoleArn is ${told(role)}, which is the pipeline's, expected a role of its own`]
    : [];
};

export const jobRole: DefinitionPolicy = {
  name: "aws-sagemaker-job-have-own-role",
  description: "Processing jobs have a role of their own: the pipeline's may start jobs and hand on roles.",
  enforcementLevel: "mandatory",
  severity: "high",
  remediationSteps: "Set RoleArn of the step to a role that reads and writes the dataset's folders only.",
  url: `${GUIDE}/build-and-manage-access.html`,
  ...onJobs(ownRole),
};

/** An output that mounts where another port of its job does: SageMaker would upload the same files twice, or its input. */
const foldersApart: JobCheck = (job) => {
  const { inputs, outputs } = portsOfJob(job);
  const short = (where: string) => where.slice(job.where.length + 2);
  const folderOf = (port: (typeof outputs)[number]) => {
    const { text, whole } = literalOf(port.localPath);
    return whole ? text.replace(/\/*$/, "/") : undefined;
  };
  return outputs.flatMap((output, index) => {
    const folder = folderOf(output);
    const other = [...inputs, ...outputs.slice(0, index)].find(
      (each) => folder !== undefined && folderOf(each) === folder,
    );
    return other
      ? [
          `LocalPath of ${short(output.where)} is ${told(literalOf(output.localPath))}, which is that of ${short(other.where)}, expected a folder of its own`,
        ]
      : [];
  });
};

export const jobFolders: DefinitionPolicy = {
  name: "aws-sagemaker-job-keep-outputs-apart",
  description: "Each output of a processing job has a folder of the container of its own, apart from the inputs'.",
  enforcementLevel: "mandatory",
  severity: "high",
  remediationSteps: "Give the output a LocalPath that no other input or output of the step has.",
  url: "https://docs.aws.amazon.com/sagemaker/latest/dg/byoc-input-and-output.html",
  ...onJobs(foldersApart),
};

const MOST = 10;

const fewPorts: JobCheck = (job) => {
  const { inputs, outputs } = portsOfJob(job);
  return [
    ...(outputs.length > MOST ? [`${outputs.length} outputs, expected at most ${MOST}`] : []),
    ...(inputs.length > MOST ? [`${inputs.length} inputs, expected at most ${MOST}`] : []),
  ];
};

export const jobPorts: DefinitionPolicy = {
  name: "aws-sagemaker-job-keep-to-ten-outputs",
  description: "Processing jobs have at most ten inputs and ten outputs: SageMaker takes no more.",
  enforcementLevel: "mandatory",
  severity: "high",
  remediationSteps: "Let the script write several folders into one output.",
  url: JOB_API,
  ...onJobs(fewPorts),
};

/** The account of `<account>.dkr.ecr.<region>.<domain>/<repository>`, and what follows the repository. */
const IN_ECR = /^(\d{12})\.dkr\.ecr\.[^/]+\/[^:@]+(.*)$/;

const byDigest: JobCheck = ({ request }) => {
  const image = literalOf(child(request, "AppSpecification")["ImageUri"]);
  const [, account, rest = ""] = (image.whole && IN_ECR.exec(image.text)) || [];
  if (account === undefined || rest.startsWith("@sha256:")) return [];
  if (AWS_IMAGE_ACCOUNTS.has(account)) return [];
  return [`ImageUri is ${told(image)}, expected '${image.text.split(/[:@]/)[0] ?? ""}@sha256:<digest>'`];
};

export const jobImage: DefinitionPolicy = {
  name: "aws-sagemaker-job-name-image-by-digest",
  description: "Processing jobs name their image by digest: what runs next year is what was tested.",
  enforcementLevel: "advisory",
  severity: "medium",
  remediationSteps: "Write @sha256:<digest> in the place of the tag.",
  url: "https://docs.aws.amazon.com/AmazonECR/latest/userguide/docker-pull-ecr-image.html",
  tags: [PRODUCTION],
  ...onJobs(byDigest),
};
