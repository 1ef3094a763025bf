import type { DatasetDocument } from "../contract/document";
import { resolveDay } from "../contract/day";
import { dayOutput, PROCESS_DATE, type DayEvent } from "../contract/events";

/** First step of every pipeline: turns parameters or the clock into the run's partition values. */
export function handler(event: DayEvent): Promise<Record<string, string>> {
  const document = JSON.parse(event.dataset) as DatasetDocument;
  const day = resolveDay(document, event);
  return Promise.resolve({
    [PROCESS_DATE]: day.processDate,
    ...Object.fromEntries(Object.entries(day.values).map(([key, value]) => [dayOutput(key), value])),
  });
}
