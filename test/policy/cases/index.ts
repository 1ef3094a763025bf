import { agreementsCases } from "./agreements";
import { alarmsCases, goodAlarm } from "./alarms";
import { bucketAccessCases } from "./bucketAccess";
import { bucketDataCases } from "./bucketData";
import type { Case, Good } from "./case";
import { functionsCases, goodFunction } from "./functions";
import { goodBucket } from "./goodBucket";
import { goodDataset } from "./goodDataset";
import { goodRole, identityCases } from "./identity";
import { identityPatternsCases } from "./identityPatterns";
import { jobsCases } from "./jobs";
import { goodKey, goodLogs, keysAndLogsCases } from "./keysAndLogs";
import { pipelinesCases } from "./pipelines";
import { goodSchedule, goodWorkgroup, queriesCases } from "./queries";
import { goodRegistry, goodRepository, repositoryCases } from "./repository";
import { goodShares, resourcePoliciesCases } from "./resourcePolicies";
import { goodLakes, tableFoldersCases } from "./tableFolders";
import { tablesCases } from "./tables";
import { goodTrust, trustCases } from "./trust";

/** Every way to break a rule. */
export const cases: readonly Case[] = [
  ...[
    ...bucketAccessCases,
    ...bucketDataCases,
    ...repositoryCases,
    ...identityCases,
    ...identityPatternsCases,
    ...trustCases,
    ...resourcePoliciesCases,
    ...keysAndLogsCases,
  ],
  ...[...alarmsCases, ...functionsCases, ...queriesCases],
  ...[...tablesCases, ...tableFoldersCases, ...jobsCases, ...pipelinesCases, ...agreementsCases],
];

/** Sets of resources that every rule accepts. */
export const goods: Readonly<Record<string, Good>> = {
  ...goodLakes,
  ...{ goodBucket, goodRepository, goodRole, goodKey, goodLogs, goodAlarm, goodFunction, goodWorkgroup, goodSchedule },
  ...{ goodDataset, goodTrust, goodRegistry, goodShares },
};
