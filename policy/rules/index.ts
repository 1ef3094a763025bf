import type { Rule } from "../rule";
import {
  partitionKeysDeclared,
  lowerCaseNames,
  databaseNames,
  keysApartFromColumns,
  externalType,
  locationSpelling,
  locationsApart,
} from "./table";
import { othersKeptOut, tableKept } from "./tableFolder";
import { keyTypes, stringKeys, accountSettings } from "./catalog";
import {
  csvDelimiters,
  csvQuotes,
  csvCharacters,
  csvNullFormat,
  csvColumnTypes,
  csvHeaderCount,
  csvFormats,
} from "./csv";
import { projectionConfiguration, projectionTemplate } from "./projection";
import { noManagedPartitions, partitionLocations } from "./partition";
import { readableDefinition, storedDefinition, localPaths, outputFolders, tableOutputs, uploadMode } from "./pipeline";
import { validDefinition, withoutSecrets, outputKeyOfBucket } from "./validation";
import { outputFolder, outputsSpelled, outputsNamedApart, tablesWritten, argumentsAgree } from "./agreement";
import { registrationAgrees } from "./registration";
import { registrarReaches, registrarKeepsOut } from "./registrar";
import {
  jobIsolation,
  jobTraffic,
  jobVolume,
  jobOutputKey,
  jobVpc,
  jobEnds,
  jobRole,
  jobPorts,
  jobFolders,
  jobImage,
} from "./job";
import { scheduleEncrypted, scheduleKeepsFailures, scheduleComesDue, scheduleStartsPipeline } from "./schedule";
import { jobMayReachFolders, jobKeepsOut, wholeFolders } from "./access";
import { noStarAction, noStarResource, noExposure, passRoleBound, s3Scoped, decryptScoped } from "./iam";
import { noAwsManaged, managedNotInline, boundaryKept } from "./role";
import { trustBound, trustScheduleGroup } from "./trust";
import {
  publicAccessBlocked,
  tlsOnly,
  noAccessLists,
  encryptedByKey,
  versioned,
  accessLogged,
  bucketKeptWhenFull,
} from "./bucket";
import { noOpenBucket, noLockout } from "./bucketPolicy";
import { uploadsAborted, versionsExpired, versionsRestorable, tablesKept } from "./lifecycle";
import {
  scannedOnPush,
  immutableTags,
  imagesExpired,
  imagesKept,
  repositoryEncrypted,
  noOpenRepository,
} from "./repository";
import { catalogNotOpen, secretNotOpen } from "./resourcePolicy";
import { keyRotated, keyPolicyWritten, keyNotOpen, keyKept } from "./key";
import { logsExpire, logsKeptAYear, logsEncrypted } from "./logs";
import { alarmActs, topicSubscribed, alarmReaches } from "./alarm";
import { topicEncrypted, queueEncrypted, topicNotOpen, queueNotOpen, topicTlsOnly, queueTlsOnly } from "./messaging";
import {
  functionNotPublic,
  functionRuntime,
  functionFailures,
  functionConcurrency,
  functionTraced,
  functionEnvironmentEncrypted,
  functionWithoutSecrets,
  functionInVpc,
} from "./function";
import { workgroupEnforced, resultsEncrypted, resultsOwned, workgroupMetrics, scanLimited } from "./athena";

/** Every rule that is on unless a stack switches it off. */
export const rules: readonly Rule[] = [
  partitionKeysDeclared,
  lowerCaseNames,
  databaseNames,
  keysApartFromColumns,
  externalType,
  locationSpelling,
  outputFolder,
  locationsApart,
  othersKeptOut,
  tableKept,
  keyTypes,
  stringKeys,
  accountSettings,
  csvDelimiters,
  csvQuotes,
  csvCharacters,
  csvNullFormat,
  csvColumnTypes,
  csvHeaderCount,
  csvFormats,
  projectionConfiguration,
  projectionTemplate,
  noManagedPartitions,
  partitionLocations,
  readableDefinition,
  storedDefinition,
  localPaths,
  outputFolders,
  tableOutputs,
  uploadMode,
  validDefinition,
  withoutSecrets,
  outputKeyOfBucket,
  outputsSpelled,
  outputsNamedApart,
  tablesWritten,
  argumentsAgree,
  registrationAgrees,
  registrarReaches,
  registrarKeepsOut,
  jobIsolation,
  jobTraffic,
  jobVolume,
  jobOutputKey,
  jobVpc,
  jobEnds,
  jobRole,
  jobPorts,
  jobFolders,
  jobImage,
  scheduleEncrypted,
  scheduleKeepsFailures,
  scheduleComesDue,
  scheduleStartsPipeline,
  jobMayReachFolders,
  jobKeepsOut,
  wholeFolders,
  noStarAction,
  noStarResource,
  noAwsManaged,
  noExposure,
  passRoleBound,
  s3Scoped,
  decryptScoped,
  boundaryKept,
  trustBound,
  trustScheduleGroup,
  publicAccessBlocked,
  tlsOnly,
  noAccessLists,
  encryptedByKey,
  versioned,
  bucketKeptWhenFull,
  noOpenBucket,
  noLockout,
  uploadsAborted,
  versionsExpired,
  versionsRestorable,
  tablesKept,
  scannedOnPush,
  immutableTags,
  imagesExpired,
  repositoryEncrypted,
  imagesKept,
  noOpenRepository,
  catalogNotOpen,
  secretNotOpen,
  keyRotated,
  keyPolicyWritten,
  keyNotOpen,
  keyKept,
  logsExpire,
  logsKeptAYear,
  logsEncrypted,
  alarmActs,
  alarmReaches,
  topicEncrypted,
  queueEncrypted,
  topicNotOpen,
  queueNotOpen,
  topicTlsOnly,
  queueTlsOnly,
  functionNotPublic,
  functionRuntime,
  functionFailures,
  functionEnvironmentEncrypted,
  functionWithoutSecrets,
  functionInVpc,
  workgroupEnforced,
  resultsEncrypted,
  resultsOwned,
  workgroupMetrics,
  scanLimited,
];

/** Rules that are off until a stack sets their level, or is in production where they are for that. */
export const optionalRules: readonly Rule[] = [
  managedNotInline,
  accessLogged,
  topicSubscribed,
  functionConcurrency,
  functionTraced,
];

/** Rules that compare a pipeline with what it needs to be there before: they are judged before it is made, too. */
export const earlyRules: readonly Rule[] = [
  ...[storedDefinition, tableOutputs, uploadMode, argumentsAgree, outputKeyOfBucket, registrationAgrees],
];
