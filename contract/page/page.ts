import { processorOf, type Cluster, type StepProcessor } from "../compute";
import { tableNameOf, type Dataset } from "../dataset";
import { examplePartition } from "../examples";
import type { InputSource } from "../inputs";
import type { PartitionKey } from "../keys";
import { addresses, partitionPath } from "../layout";
import { isReadBy, registrationOf } from "../registration";
import { athenaQueries, spectrumQueries } from "../sql";
import { WORDS, type Language } from "./words";

/** Where the page's dataset is deployed, as far as its readers see it. */
export interface PagePlace {
  readonly database: string;
  readonly bucket: string;
}

export interface Section {
  readonly heading: string;
  readonly text?: string;
  readonly table?: { readonly head: readonly string[]; readonly rows: readonly (readonly string[])[] };
  readonly code?: readonly { readonly title?: string; readonly language: string; readonly text: string }[];
  readonly flow?: readonly Arrow[];
}

/** One arrow of a pipeline's picture. */
export interface Arrow {
  readonly from: string;
  readonly to: string;
}

/** A dataset's page, before it is Markdown or HTML. Inline code is in backticks. */
export interface Page {
  readonly title: string;
  readonly description: string;
  readonly language: Language;
  readonly sections: readonly Section[];
  readonly footer: string;
}

/** What readers of a table want to know, from its declaration alone. */
export function datasetPage(dataset: Dataset, place: PagePlace, language: Language): Page {
  const words = WORDS[language];
  const { output } = addresses(dataset, place.bucket);
  const { format, owner } = dataset;
  const dialect = [
    `CSV, \`${format.delimiter === "\t" ? "\\t" : format.delimiter}\``,
    ...(format.quote === undefined ? [] : [`quote \`${format.quote}\``]),
    ...(format.nullText === undefined ? [] : [`NULL \`${format.nullText}\``]),
    ...(format.header ? ["header"] : []),
  ].join(", ");
  return {
    title: dataset.name,
    description: dataset.description,
    language,
    footer: words.generated,
    sections: [
      {
        heading: words.table,
        table: {
          head: ["", ""],
          rows: [
            [words.table, `\`${place.database}.${tableNameOf(dataset)}\``],
            [words.location, `\`${output}\``],
            [words.format, dialect],
            [words.registration, words.registrations[registrationOf(dataset).strategy]],
            ...(owner === undefined ? [] : [[words.owner, owner]]),
          ],
        },
      },
      keySection(dataset, language),
      {
        heading: words.columns,
        text: words.columnsText,
        table: {
          head: [words.column, words.type, words.meaning],
          rows: dataset.columns.map(({ name, type, comment }) => [`\`${name}\``, type, comment]),
        },
      },
      {
        heading: words.paths,
        code: [
          { language: "text", text: `${output}${partitionPath(dataset, examplePartition(dataset))}partition.csv` },
        ],
      },
      { heading: words.pipeline, table: filled(stepTable(dataset, language)), flow: arrowsOf(dataset, language) },
      { heading: words.schedule, text: scheduleText(dataset, language) },
      {
        heading: words.ask,
        ...(spectrumCan(dataset) && !spectrumReads(dataset) ? { text: words.askSpectrum } : {}),
        code: [
          ...athenaQueries(dataset, place.database),
          ...(spectrumReads(dataset) ? spectrumQueries(dataset, place.database, output) : []),
        ].map(({ kind, sql }) => ({ title: words.queries[kind], language: "sql", text: sql })),
      },
    ],
  };
}

/** Whether Spectrum's role may read the table: the stack makes it for declared readers alone. */
const spectrumReads = (dataset: Dataset): boolean => isReadBy(dataset, "redshift-spectrum");
/** Spectrum sees nothing of a projected table. */
const spectrumCan = (dataset: Dataset): boolean => registrationOf(dataset).strategy !== "projection";

function keySection(dataset: Dataset, language: Language): Section {
  const words = WORDS[language];
  const example = examplePartition(dataset);
  if (dataset.partitionKeys.length === 0) return { heading: words.keys, text: words.noKeys };
  return {
    heading: words.keys,
    text: words.keysText,
    table: filled({
      head: [words.key, words.type, words.values, words.example, words.meaning],
      rows: dataset.partitionKeys.map((key) => [
        `\`${key.name}\``,
        key.type,
        valuesText(key, language),
        `\`${example[key.name] ?? ""}\``,
        key.comment ?? "",
      ]),
    }),
  };
}

function valuesText(key: PartitionKey, language: Language): string {
  const { kinds } = WORDS[language];
  switch (key.kind) {
    case "date":
      return kinds.date(key.format, key.timeZone);
    case "integer":
      return kinds.integer(key.digits);
    case "enum":
      return kinds.enum(key.values.map((value) => `\`${value}\``).join(", "));
    case "injected":
      return kinds.injected();
  }
}

function scheduleText({ schedule }: Dataset, language: Language): string {
  const words = WORDS[language];
  if (schedule === undefined) return words.noSchedule;
  const { at, timeZone, dayOffset, dueBy, reprocess } = schedule;
  const text = words.scheduleText(at, timeZone, dayOffset, dueBy);
  return reprocess === undefined || reprocess.days < 2 ? text : `${text} ${words.reprocess(reprocess.days)}`;
}

/** Without the columns in which nothing stands. */
function filled({ head, rows }: Section["table"] & object): Section["table"] & object {
  const isFilled = (_: string, index: number): boolean => rows.some((cells) => cells[index] !== "");
  return { head: head.filter(isFilled), rows: rows.map((cells) => cells.filter(isFilled)) };
}

/** Where each step runs; an empty cell is the stack's own setting. */
function stepTable({ steps }: Dataset, language: Language): Section["table"] & object {
  const words = WORDS[language];
  return {
    head: [words.step, words.runsOn, words.machine],
    rows: steps.map((step) => {
      const processor: StepProcessor & Cluster = processorOf(step);
      const { instanceType, instanceCount } = processor;
      const version = "version" in processor ? processor.version : "";
      return [
        `\`${step.name}\``,
        words.processors[processor.kind](version),
        [
          ...(instanceType === undefined ? [] : [`\`${instanceType}\``]),
          ...(instanceCount === undefined ? [] : [instanceCount]),
        ].join(" × "),
      ];
    }),
  };
}

function arrowsOf(dataset: Dataset, language: Language): Arrow[] {
  const words = WORDS[language];
  const nameOf = (source: InputSource): string => {
    switch (source.kind) {
      case "raw":
        return words.raw;
      case "folder":
        return source.folder;
      case "output":
        return source.step;
      case "dataset":
        return source.dataset.name;
      case "helper":
        return source.name;
    }
  };
  const table = `${words.table} ${tableNameOf(dataset)}`;
  const registers = registrationOf(dataset).strategy !== "projection" && dataset.partitionKeys.length > 0;
  return [
    ...dataset.steps.flatMap(({ name, inputs, outputs }) => [
      ...Object.values(inputs).map((source) => ({ from: nameOf(source), to: name })),
      ...(Object.values(outputs).includes("table") ? [{ from: name, to: registers ? words.register : table }] : []),
    ]),
    ...(registers ? [{ from: words.register, to: table }] : []),
  ];
}
