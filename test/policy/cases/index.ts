import { agreementsCases } from "./agreements";
import { alarmsCases, goodAlarm } from "./alarms";
import { bucketAccessCases } from "./bucketAccess";
import { bucketDataCases } from "./bucketData";
import type { Case, Good } from "./case";
import { functionsCases, goodFunction } from "./functions";
import { goodBucket } from "./goodBucket";
import { goodDataset } from "./goodDataset";
import { goodRole, identityCases } from "./identity";
import { jobsCases } from "./jobs";
import { goodKey, goodLogs, keysAndLogsCases } from "./keysAndLogs";
import { pipelinesCases } from "./pipelines";
import { goodSchedule, goodWorkgroup, queriesCases } from "./queries";
import { goodRepository, repositoryCases } from "./repository";
import { tablesCases } from "./tables";
import { trustCases } from "./trust";

/** Every way to break a rule. */
export const cases: readonly Case[] = [
  ...[
    ...bucketAccessCases,
    ...bucketDataCases,
    ...repositoryCases,
    ...identityCases,
    ...trustCases,
    ...keysAndLogsCases,
  ],
  ...[...alarmsCases, ...functionsCases, ...queriesCases],
  ...[...tablesCases, ...jobsCases, ...pipelinesCases, ...agreementsCases],
];

/** Sets of resources that every rule accepts. */
export const goods: Readonly<Record<string, Good>> = {
  ...{ goodBucket, goodRepository, goodRole, goodKey, goodLogs, goodAlarm, goodFunction, goodWorkgroup, goodSchedule },
  goodDataset,
};
