import type { ProjectedTable } from "../../../contract/projection/check";

/** Partition keys of type string. */
export const strings = (...names: readonly string[]) => names.map((name) => ({ name, type: "string" }));

/** A table with one key of each type, in which nothing is wrong. Tests change one thing of it. */
export const SOUND = {
  partitionKeys: [
    { name: "day", type: "string" },
    { name: "hour", type: "string" },
    { name: "shard", type: "int" },
    { name: "site", type: "string" },
    { name: "customer", type: "string" },
  ],
  parameters: {
    classification: "csv",
    "projection.enabled": "true",
    "projection.day.type": "date",
    "projection.day.format": "yyyy-MM-dd",
    "projection.day.range": "2021-12-01,NOW+9HOURS",
    "projection.hour.type": "date",
    "projection.hour.format": "yyyy/MM/dd/HH",
    "projection.hour.range": "2021/12/01/00,2021/12/31/23",
    "projection.hour.interval": "1",
    "projection.hour.interval.unit": "HOURS",
    "projection.shard.type": "integer",
    "projection.shard.range": "0,15",
    "projection.shard.digits": "2",
    "projection.site.type": "enum",
    "projection.site.values": "tokyo,osaka",
    "projection.customer.type": "injected",
    "storage.location.template":
      "s3://lake/events/output/day=${day}/hour=${hour}/shard=${shard}/site=${site}/customer=${customer}/",
  },
  location: "s3://lake/events/output/",
} satisfies ProjectedTable;

/**
 * Tables of Amazon's own documentation, and of public repositories, with a slash at the template's end where they lack
 * one: the documentation asks for it and its examples forget it.
 */
export const PUBLISHED: Readonly<Record<string, ProjectedTable>> = {
  "Athena user guide, Kinesis Data Firehose": {
    // The guide declares it in capitals, which the catalogue folds.
    partitionKeys: strings("datehour"),
    parameters: {
      "projection.enabled": "true",
      "projection.datehour.type": "date",
      "projection.datehour.range": "2018/01/01/00,NOW",
      "projection.datehour.format": "yyyy/MM/dd/HH",
      "projection.datehour.interval": "1",
      "projection.datehour.interval.unit": "HOURS",
      "storage.location.template": "s3://bucket/prefix/${datehour}/",
    },
    location: "s3://bucket/prefix/",
  },
  "Athena user guide, WAF logs": {
    partitionKeys: strings("day"),
    parameters: {
      "projection.enabled": "true",
      "projection.day.type": "date",
      "projection.day.range": "2021/01/01,NOW",
      "projection.day.format": "yyyy/MM/dd",
      "projection.day.interval": "1",
      "projection.day.interval.unit": "DAYS",
      "storage.location.template": "s3://bucket/folder/${day}/",
    },
    location: "s3://bucket/folder/",
  },
  "Athena user guide, Route 53 resolver logs": {
    partitionKeys: strings("date", "vpc"),
    parameters: {
      "projection.enabled": "true",
      "projection.vpc.type": "enum",
      "projection.vpc.values": "vpc-6446ae02",
      "projection.date.type": "date",
      "projection.date.range": "2023/06/26,NOW",
      "projection.date.format": "yyyy/MM/dd",
      "projection.date.interval": "1",
      "projection.date.interval.unit": "DAYS",
      "storage.location.template": "s3://bucket/AWSLogs/account/vpcdnsquerylogs/${vpc}/${date}/",
    },
    location: "s3://bucket/AWSLogs/account/vpcdnsquerylogs/",
  },
  "Athena user guide, injection": {
    partitionKeys: strings("device_id"),
    parameters: {
      "projection.enabled": "true",
      "projection.device_id.type": "injected",
      "storage.location.template": "s3://bucket/prefix/${device_id}/",
    },
    location: "s3://bucket/prefix/",
  },
  "Athena user guide, bucketing, without a template": {
    partitionKeys: [{ name: "bucket_id", type: "bigint" }],
    parameters: {
      "projection.enabled": "true",
      "projection.bucket_id.type": "integer",
      "projection.bucket_id.range": "1,1000000",
    },
    location: "s3://bucket/prefix/",
  },
  "Athena user guide, template with repeated and static parts": {
    partitionKeys: strings("a", "b", "c"),
    parameters: {
      "projection.enabled": "TRUE",
      "projection.a.type": " Enum ",
      "projection.a.values": "A,B,C,D,E,F,G,Unknown",
      "projection.b.type": "integer",
      "projection.b.range": " -1 , 8675309 ",
      "projection.b.interval": " 5 ",
      "projection.c.type": "DATE",
      "projection.c.format": "yyyyMM",
      "projection.c.range": "201801, NOW + 1 MONTH ",
      "storage.location.template": "s3://bucket/table_root/c=${c}/${b}/some_static_subdirectory/${a}/${b}/${c}/${c}/",
    },
    location: "s3://bucket/table_root",
  },
  "a public repository, years as integers": {
    partitionKeys: ["year", "month", "day"].map((name) => ({ name, type: "int" })),
    parameters: {
      "projection.enabled": "true",
      "projection.year.type": "integer",
      "projection.year.range": "2024,2030",
      "projection.month.type": "integer",
      "projection.month.range": "1,12",
      "projection.day.type": "integer",
      "projection.day.range": "1,31",
      "storage.location.template": "s3://usage-data/year=${year}/month=${month}/day=${day}/",
    },
    location: "s3://usage-data/",
  },
  "a public repository, with parameters of other tools": {
    partitionKeys: strings("date"),
    parameters: {
      "partition_filtering.enabled": "true",
      "projection.date.format": "yyyy-MM-dd",
      "projection.date.interval": "1",
      "projection.date.interval.unit": "DAYS",
      "projection.date.range": "2023-01-01,2033-12-31",
      "projection.date.type": "date",
      "projection.enabled": "true",
      "storage.location.template": "s3://property-data-scraping/date=${date}/",
      transient_lastDdlTime: "1732988748",
    },
    location: "s3://property-data-scraping/",
  },
  "switched off, as the Athena user guide has it": {
    partitionKeys: strings("day"),
    parameters: { "projection.enabled": "false", "projection.day.type": "date" },
    location: "s3://bucket/prefix/",
  },
  "not projected": { partitionKeys: strings("day"), parameters: { classification: "csv" }, location: "s3://b/p/" },
};
