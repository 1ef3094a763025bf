import type {
  athena,
  cloudwatch,
  ecr,
  glue,
  iam,
  kms,
  lambda,
  s3,
  s3control,
  sagemaker,
  scheduler,
  secretsmanager,
  sns,
  sqs,
} from "@pulumi/aws";
import type { Unwrap } from "@pulumi/pulumi";

/** What the engine calls a kind of resource; `Props` are its inputs, as the provider's types know them. */
export interface Kind<Props> {
  readonly token: string;
  /** Never set: carries the type. */
  readonly props?: Props;
}

/** What `aws:<module>/<name>:<Name>` looks like. */
function kind<Args>(module: string, name: string): Kind<Unwrap<Args>> {
  return { token: `aws:${module}/${name}:${name.charAt(0).toUpperCase()}${name.slice(1)}` };
}

export type Database = Unwrap<glue.CatalogDatabaseArgs>;
export type Table = Unwrap<glue.CatalogTableArgs>;
export type Partition = Unwrap<glue.PartitionArgs>;
export type Pipeline = Unwrap<sagemaker.PipelineArgs>;
/** Among all resources of a stack their outputs are seen as well, such as the version. */
export type StoredObject = Unwrap<Pick<s3.BucketObjectv2, "bucket" | "key" | "content" | "versionId">>;
export type Bucket = Unwrap<s3.BucketArgs>;
export type Schedule = Unwrap<scheduler.ScheduleArgs>;

export const CRAWLER = kind<glue.CrawlerArgs>("glue", "crawler");
export const DATABASE = kind<glue.CatalogDatabaseArgs>("glue", "catalogDatabase");
export const TABLE = kind<glue.CatalogTableArgs>("glue", "catalogTable");
export const PARTITION = kind<glue.PartitionArgs>("glue", "partition");
export const CATALOG_SETTINGS = kind<glue.DataCatalogEncryptionSettingsArgs>("glue", "dataCatalogEncryptionSettings");
export const CATALOG_POLICY = kind<glue.ResourcePolicyArgs>("glue", "resourcePolicy");

export const SECRET = kind<secretsmanager.SecretArgs>("secretsmanager", "secret");
export const SECRET_POLICY = kind<secretsmanager.SecretPolicyArgs>("secretsmanager", "secretPolicy");

export const PIPELINE = kind<sagemaker.PipelineArgs>("sagemaker", "pipeline");

export const OBJECT: Kind<StoredObject> = kind("s3", "bucketObjectv2");
export const OBJECT_V1: Kind<StoredObject> = kind("s3", "bucketObject");
export const BUCKET = kind<s3.BucketArgs>("s3", "bucket");
export const BUCKET_V2: Kind<Bucket> = kind("s3", "bucketV2");
export const BUCKET_ACL = kind<s3.BucketAclArgs>("s3", "bucketAcl");
export const BUCKET_ACL_V2: typeof BUCKET_ACL = kind("s3", "bucketAclV2");
export const BUCKET_OWNERSHIP = kind<s3.BucketOwnershipControlsArgs>("s3", "bucketOwnershipControls");
export const BUCKET_POLICY = kind<s3.BucketPolicyArgs>("s3", "bucketPolicy");
export const BUCKET_BLOCK = kind<s3.BucketPublicAccessBlockArgs>("s3", "bucketPublicAccessBlock");
export const BUCKET_LIFECYCLE = kind<s3.BucketLifecycleConfigurationArgs>("s3", "bucketLifecycleConfiguration");
export const BUCKET_LIFECYCLE_V2: typeof BUCKET_LIFECYCLE = kind("s3", "bucketLifecycleConfigurationV2");
export const BUCKET_LOGGING = kind<s3.BucketLoggingArgs>("s3", "bucketLogging");
export const BUCKET_LOGGING_V2: typeof BUCKET_LOGGING = kind("s3", "bucketLoggingV2");
export const BUCKET_VERSIONING = kind<s3.BucketVersioningArgs>("s3", "bucketVersioning");
export const BUCKET_VERSIONING_V2: typeof BUCKET_VERSIONING = kind("s3", "bucketVersioningV2");
export const BUCKET_ENCRYPTION = kind<s3.BucketServerSideEncryptionConfigurationArgs>(
  "s3",
  "bucketServerSideEncryptionConfiguration",
);
export const BUCKET_ENCRYPTION_V2: typeof BUCKET_ENCRYPTION = kind("s3", "bucketServerSideEncryptionConfigurationV2");
export const ACCESS_POINT = kind<s3.AccessPointArgs>("s3", "accessPoint");
export const ACCESS_POINT_POLICY = kind<s3control.AccessPointPolicyArgs>("s3control", "accessPointPolicy");
export const BUCKET_NOTIFICATION = kind<s3.BucketNotificationArgs>("s3", "bucketNotification");

export const REPOSITORY = kind<ecr.RepositoryArgs>("ecr", "repository");
export const REPOSITORY_POLICY = kind<ecr.RepositoryPolicyArgs>("ecr", "repositoryPolicy");
export const REPOSITORY_LIFECYCLE = kind<ecr.LifecyclePolicyArgs>("ecr", "lifecyclePolicy");
export const REGISTRY_SCANNING = kind<ecr.RegistryScanningConfigurationArgs>("ecr", "registryScanningConfiguration");

export const ROLE = kind<iam.RoleArgs>("iam", "role");
export const ROLE_POLICY = kind<iam.RolePolicyArgs>("iam", "rolePolicy");
export const ROLE_ATTACHMENT = kind<iam.RolePolicyAttachmentArgs>("iam", "rolePolicyAttachment");
export const POLICY_ATTACHMENT = kind<iam.PolicyAttachmentArgs>("iam", "policyAttachment");
export const ROLE_ATTACHMENTS = kind<iam.RolePolicyAttachmentsExclusiveArgs>("iam", "rolePolicyAttachmentsExclusive");
export const USER_ATTACHMENT = kind<iam.UserPolicyAttachmentArgs>("iam", "userPolicyAttachment");
export const GROUP_ATTACHMENT = kind<iam.GroupPolicyAttachmentArgs>("iam", "groupPolicyAttachment");
export const MANAGED_POLICY = kind<iam.PolicyArgs>("iam", "policy");
export const USER_POLICY = kind<iam.UserPolicyArgs>("iam", "userPolicy");
export const GROUP_POLICY = kind<iam.GroupPolicyArgs>("iam", "groupPolicy");

export const KEY = kind<kms.KeyArgs>("kms", "key");
export const KEY_POLICY = kind<kms.KeyPolicyArgs>("kms", "keyPolicy");
export const KEY_ALIAS = kind<kms.AliasArgs>("kms", "alias");

export const LOG_GROUP = kind<cloudwatch.LogGroupArgs>("cloudwatch", "logGroup");
export const ALARM = kind<cloudwatch.MetricAlarmArgs>("cloudwatch", "metricAlarm");
export const COMPOSITE_ALARM = kind<cloudwatch.CompositeAlarmArgs>("cloudwatch", "compositeAlarm");
export const EVENT_TARGET = kind<cloudwatch.EventTargetArgs>("cloudwatch", "eventTarget");
export const EVENT_RULE = kind<cloudwatch.EventRuleArgs>("cloudwatch", "eventRule");

export const TOPIC = kind<sns.TopicArgs>("sns", "topic");
export const TOPIC_POLICY = kind<sns.TopicPolicyArgs>("sns", "topicPolicy");
export const SUBSCRIPTION = kind<sns.TopicSubscriptionArgs>("sns", "topicSubscription");
export const QUEUE = kind<sqs.QueueArgs>("sqs", "queue");
export const QUEUE_POLICY = kind<sqs.QueuePolicyArgs>("sqs", "queuePolicy");

export const FUNCTION = kind<lambda.FunctionArgs>("lambda", "function");
export const FUNCTION_PERMISSION = kind<lambda.PermissionArgs>("lambda", "permission");
export const LAYER_PERMISSION = kind<lambda.LayerVersionPermissionArgs>("lambda", "layerVersionPermission");
export const FUNCTION_URL = kind<lambda.FunctionUrlArgs>("lambda", "functionUrl");
export const FUNCTION_EVENTS = kind<lambda.FunctionEventInvokeConfigArgs>("lambda", "functionEventInvokeConfig");

export const WORKGROUP = kind<athena.WorkgroupArgs>("athena", "workgroup");
export const SCHEDULE: Kind<Schedule> = kind("scheduler", "schedule");
