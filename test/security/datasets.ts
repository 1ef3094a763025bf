import { pySpark, sklearn } from "../../contract/compute";
import type { Dataset } from "../../contract/dataset";
import { folder, outputOf, partitionOf, raw, tableOf } from "../../contract/inputs";
import { dateKey, enumKey, integerKey } from "../../contract/keys";
import { athena, athenaRepair, projection, redshiftSpectrum, registered } from "../../contract/registration";
import { dailyAt } from "../../contract/schedule";
import { defineDataset } from "../../contract/dataset";
import { features } from "../../datasets/features/dataset";

const zone = { timeZone: "Asia/Tokyo" };
const schedule = dailyAt("02:30", "Asia/Tokyo", { dayOffset: -1, dueBy: "04:00" });
const like = (name: string, prefix: string) => {
  const { description, columns, format, steps } = features;
  return { name, prefix, description, columns, format, steps };
};
const site = enumKey("site", { values: ["nara", "osaka"] });

/** The example: its day, registered. */
export { features };

/** Of three keys the run knows the one in the middle. Redshift reads it. */
export const nested = defineDataset({
  ...like("nested", "lake/nested"),
  readers: [athena(), redshiftSpectrum()],
  partitionKeys: [site, dateKey("d", zone), integerKey("shard", { digits: 1 })],
  schedule,
});

/** Each run looks at the whole table. */
export const whole = defineDataset({
  ...like("whole", "whole"),
  partitionKeys: [site],
  registration: registered({ looksAt: "table" }),
});

/** Athena registers. */
export const repaired = defineDataset({
  ...like("repaired", "repaired"),
  partitionKeys: [site],
  registration: athenaRepair(),
});

/** Athena computes the partitions: the checker looks into the bucket. */
export const projected = defineDataset({
  ...like("projected", "projected"),
  partitionKeys: [site, dateKey("d", zone)],
  registration: projection({ d: { from: "2021-01-01" } }),
  schedule,
});

/** Two whose names begin alike, in three prefixes that do; the first is read by another account. */
export const READER_ACCOUNT = "999999999999";
export const a = defineDataset({
  ...like("a", "a"),
  partitionKeys: [dateKey("d", zone)],
  readers: [athena({ accountIds: [READER_ACCOUNT] })],
});
export const ab = defineDataset({ ...like("a_b", "a_b"), partitionKeys: [dateKey("d", zone)] });
export const dashed = defineDataset({ ...like("a_c", "a-c"), partitionKeys: [dateKey("d", zone)] });

/** Its jobs read other datasets and folders elsewhere, and run in images and on machines of their own. */
export const joined = defineDataset({
  ...like("joined", "joined"),
  partitionKeys: [dateKey("d", zone)],
  steps: [
    {
      name: "extract_step",
      script: "extract.py",
      processor: sklearn({ version: "1.4-2" }),
      inputs: {
        raw,
        day: partitionOf(features),
        all: tableOf(whole),
        stations: folder("master/stations"),
        theirs: folder("s3://their-bucket/master/"),
      },
      outputs: { extract: "execution" },
    },
    {
      name: "transform_step",
      script: "transform.py",
      // Disks of their own, which take no key.
      processor: pySpark({ version: "3.5", instanceType: "ml.m5d.xlarge", instanceCount: 2 }),
      inputs: { extract: outputOf("extract_step", "extract") },
      outputs: { transform: "table" },
    },
  ],
});

export const all: readonly Dataset[] = [features, nested, whole, repaired, projected, a, ab, dashed, joined];
