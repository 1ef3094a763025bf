import { tableNameOf, type Dataset } from "../dataset";
import type { Upstream } from "../inputs";
import { dashed } from "../names";
import { refuse } from "../problems";
import { declarationProblems } from "./declaration";

/**
 * The datasets of a program. Each is checked by itself, also where it did not come from `defineDataset`; then what a
 * single declaration cannot see, over all of them.
 *
 * @throws ContractError that lists every problem of the list
 */
export function defineDatasets(datasets: readonly Dataset[]): readonly Dataset[] {
  refuse("datasets", datasets.flatMap(ownProblems));
  refuse("datasets", datasetSetProblems(datasets));
  return datasets;
}

function ownProblems(dataset: Dataset, index: number): string[] {
  const { name } = (dataset as Partial<Dataset> | null | undefined) ?? {};
  const which = typeof name === "string" ? `dataset '${name}'` : `dataset [${index}]`;
  return declarationProblems(dataset).map((problem) => `${which}: ${problem}`);
}

/** IAM's highest quota of roles in an account, less the stack's own five: each dataset has a role. */
const MOST_DATASETS = 5_000 - 5;

/** What is wrong with datasets that live in one stack; empty when nothing is. Linear in their number, but for a sort. */
export function datasetSetProblems(datasets: readonly Dataset[]): string[] {
  return [
    ...sizeProblems(datasets),
    ...nameProblems(datasets),
    ...tableProblems(datasets),
    ...prefixProblems(datasets),
    ...inputProblems(datasets),
    ...cycleProblems(datasets),
  ];
}

function sizeProblems({ length }: readonly Dataset[]): string[] {
  if (length <= MOST_DATASETS) return [];
  return [
    `${length} datasets, each with a role for its jobs; IAM gives an account at most 5,000 roles, so that a stack holds ` +
      `${MOST_DATASETS}; divide them over accounts`,
  ];
}

function nameProblems(datasets: readonly Dataset[]): string[] {
  return groups(datasets, ({ name }) => dashed(name)).map((alike) => {
    const names = [...new Set(alike.map(({ name }) => `'${name}'`))];
    return names.length === 1
      ? `name ${names.join()} is declared ${alike.length} times; rename all but one`
      : `names ${names.join(" and ")} are one name where _ becomes - (SageMaker, IAM); rename all but one`;
  });
}

function tableProblems(datasets: readonly Dataset[]): string[] {
  return groups(datasets, tableNameOf)
    .filter((alike) => new Set(alike.map(({ name }) => name)).size > 1)
    .map(
      (alike) =>
        `datasets ${alike.map(({ name }) => `'${name}'`).join(" and ")} share the table ` +
        `'${tableNameOf(alike[0] ?? { name: "" })}'; give all but one another table.physicalName`,
    );
}

/** The datasets that share a key, for each key that more than one has. */
function groups(datasets: readonly Dataset[], keyOf: (dataset: Dataset) => string): Dataset[][] {
  const byKey = new Map<string, Dataset[]>();
  for (const dataset of datasets) {
    const alike = byKey.get(keyOf(dataset));
    if (alike) alike.push(dataset);
    else byKey.set(keyOf(dataset), [dataset]);
  }
  return [...byKey.values()].filter((alike) => alike.length > 1);
}

/**
 * Equal and nested prefixes. Readers take a table's files from everything below its location, and a job's role is
 * bounded by folders: what lies inside belongs to both.
 */
function prefixProblems(datasets: readonly Dataset[]): string[] {
  const folders = datasets
    .flatMap((dataset) => {
      const { prefix, table } = dataset;
      const own = table?.folder === undefined ? [prefix] : [prefix, table.folder];
      return own.map((folder) => ({ dataset, name: dataset.name, folder: `${folder}/` }));
    })
    .sort((a, b) => (a.folder < b.folder ? -1 : a.folder > b.folder ? 1 : 0));
  const problems: string[] = [];
  // In this order all that lies inside a folder follows it at once: the folders that are open hold the next one.
  const open: typeof folders = [];
  for (const inner of folders) {
    while (open.length > 0 && !inner.folder.startsWith(open.at(-1)?.folder ?? "")) open.pop();
    // How the two folders of one dataset lie is its own rule.
    const outer = open.findLast(({ dataset }) => dataset !== inner.dataset);
    if (outer?.folder === inner.folder)
      problems.push(
        `datasets '${outer.name}' and '${inner.name}' have the same prefix '${inner.folder.slice(0, -1)}'; ` +
          `give each a folder of its own`,
      );
    else if (outer)
      problems.push(
        `dataset '${inner.name}': prefix '${inner.folder.slice(0, -1)}' lies inside '${outer.folder.slice(0, -1)}' of ` +
          `dataset '${outer.name}'; put them beside each other`,
      );
    open.push(inner);
  }
  return problems;
}

/** What a dataset reads of other datasets, with the step and input that do so. */
function readsOf({ steps }: Dataset): { readonly where: string; readonly dataset: Upstream }[] {
  return steps.flatMap((step) =>
    Object.entries(step.inputs).flatMap(([input, source]) =>
      source.kind === "dataset" ? [{ where: `step '${step.name}', input '${input}'`, dataset: source.dataset }] : [],
    ),
  );
}

function inputProblems(datasets: readonly Dataset[]): string[] {
  const listed = new Map(datasets.map((dataset) => [dataset.name, dataset]));
  return datasets.flatMap((reader) =>
    readsOf(reader).flatMap(({ where, dataset }) => {
      const found = listed.get(dataset.name);
      if (!found)
        return [
          `dataset '${reader.name}', ${where}: reads dataset '${dataset.name}', which is not in the list; add it, or read ` +
            `its files by folder(…)`,
        ];
      return found === dataset || samePlace(found, dataset)
        ? []
        : [
            `dataset '${reader.name}', ${where}: reads a dataset '${dataset.name}' that is not the one in the list; ` +
              `import the declaration, do not repeat it`,
          ];
    }),
  );
}

function samePlace(...both: readonly [Upstream, Upstream]): boolean {
  const [one, other] = both.map(({ prefix, partitionKeys, table }) =>
    JSON.stringify([prefix, partitionKeys, table?.folder ?? ""]),
  );
  return one === other;
}

/** One line for each circle: no run of it could be the first, as SageMaker fails a step whose input is empty. */
function cycleProblems(datasets: readonly Dataset[]): string[] {
  const reads = new Map(
    datasets.map((dataset) => [dataset.name, [...new Set(readsOf(dataset).map((read) => read.dataset.name))]]),
  );
  const problems: string[] = [];
  const finished = new Set<string>();
  for (const start of reads.keys()) {
    // Depth first, without recursion: a chain may be as long as the list.
    const path: { readonly name: string; readonly rest: string[] }[] = [];
    const depthOf = new Map<string, number>();
    const enter = (name: string) => {
      depthOf.set(name, path.length);
      path.push({ name, rest: [...(reads.get(name) ?? [])] });
    };
    if (!finished.has(start)) enter(start);
    for (let at = path.at(-1); at; at = path.at(-1)) {
      const next = at.rest.shift();
      if (next === undefined) {
        path.pop();
        depthOf.delete(at.name);
        finished.add(at.name);
      } else if (depthOf.has(next)) {
        const circle = [...path.slice(depthOf.get(next)).map(({ name }) => name), next];
        problems.push(
          circle.length === 2
            ? `dataset '${next}' reads itself; its first run would have nothing to read`
            : `datasets read each other in a circle: ${circle.join(" reads ")}; none could run first`,
        );
      } else if (reads.has(next) && !finished.has(next)) enter(next);
    }
  }
  return problems;
}
