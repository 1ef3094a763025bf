import { isObject } from "../json";
import { at, SOURCES, type Findings } from "./problem";

const EXCEPTIONS = [
  "Step.SERVICE_FAULT",
  "Step.THROTTLING",
  "SageMaker.JOB_INTERNAL_ERROR",
  "SageMaker.CAPACITY_ERROR",
  "SageMaker.RESOURCE_LIMIT",
  "Emr.RESOURCE_LIMIT",
];

/** Limits of a retry policy; all are whole numbers but the rate. */
const NUMBERS: Readonly<Record<string, { readonly min: number; readonly max: number; readonly unit: string }>> = {
  BackoffRate: { min: 0, max: Infinity, unit: "" },
  IntervalSeconds: { min: 0, max: 43_200, unit: " seconds" },
  MaxAttempts: { min: 0, max: 20, unit: " attempts" },
  ExpireAfterMin: { min: 0, max: 14_400, unit: " minutes" },
};

/** Checks the retry policies of a step. */
export function checkRetryPolicies(policies: unknown, pointer: string, found: Findings): void {
  if (policies === undefined) return;
  if (!Array.isArray(policies))
    return found.add(pointer, "a list of retry policies", policies, "write them in [ ]", SOURCES.retry);
  policies.forEach((policy: unknown, index) => checkPolicy(policy, at(pointer, index), found));
}

function checkPolicy(policy: unknown, pointer: string, found: Findings): void {
  if (!isObject(policy)) return found.add(pointer, "a retry policy", policy, "write it in { }", SOURCES.retry);
  const { ExceptionType: given, ...rest } = policy;
  const exceptions: readonly unknown[] = Array.isArray(given) ? given : given === undefined ? [] : [given];
  const place = at(pointer, "ExceptionType");
  const choices = `use one of ${EXCEPTIONS.join(", ")}`;
  if (exceptions.length === 0) found.add(place, "at least one exception type", given, choices, SOURCES.retry);
  for (const exception of exceptions)
    if (typeof exception !== "string" || !EXCEPTIONS.includes(exception))
      found.add(place, "a known exception type", exception, choices, SOURCES.retry);
  if ("MaxAttempts" in policy && "ExpireAfterMin" in policy)
    found.add(pointer, "either MaxAttempts or ExpireAfterMin", rest, "leave one of them out", SOURCES.retry);
  for (const [name, value] of Object.entries(rest)) {
    const limit = NUMBERS[name];
    if (!limit) {
      const names = ["ExceptionType", ...Object.keys(NUMBERS)].join(", ");
      found.add(at(pointer, name), `${name} is not a member of a retry policy`, value, `use ${names}`, SOURCES.retry);
      continue;
    }
    const right = typeof value === "number" && (name === "BackoffRate" || Number.isInteger(value));
    if (right && value >= limit.min && value <= limit.max) continue;
    const range = limit.max === Infinity ? `${limit.min} or more` : `${limit.min} to ${limit.max}${limit.unit}`;
    found.add(at(pointer, name), `${name} is ${range}`, value, `give ${range}`, SOURCES.retry);
  }
}
