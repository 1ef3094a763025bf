import type { DatasetDocument } from "../contract/document";
import { resolveDay } from "../contract/day";
import { dayOutput, PROCESS_DATE, upstreamOutput, type DayEvent, type UpstreamKeys } from "../contract/events";
import { valuesOnDay } from "../contract/keys";

/** First step of every pipeline: turns parameters or the clock into the run's partition values. */
export function handler(event: DayEvent): Promise<Record<string, string>> {
  const document = JSON.parse(event.dataset) as DatasetDocument;
  const upstream = JSON.parse(event.upstream ?? "[]") as UpstreamKeys[];
  const day = resolveDay(document, event);
  // By the day's name, not by the clock in their zones: a run by hand and one by schedule read the same.
  const read = upstream.flatMap(({ name, keys }) =>
    Object.entries(valuesOnDay(keys, day.processDate)).map(([key, value]) => [upstreamOutput(name, key), value]),
  );
  return Promise.resolve({
    [PROCESS_DATE]: day.processDate,
    ...Object.fromEntries(Object.entries(day.values).map(([key, value]) => [dayOutput(key), value])),
    ...(Object.fromEntries(read) as Record<string, string>),
  });
}
