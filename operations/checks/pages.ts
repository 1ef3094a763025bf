import * as fs from "node:fs";
import * as path from "node:path";
import { dashboardBody } from "../../contract/dashboard";
import type { Dataset } from "../../contract/dataset";
import { namesOf } from "../../contract/names";
import { html } from "../../contract/page/html";
import { markdown } from "../../contract/page/markdown";
import { datasetPage } from "../../contract/page/page";
import type { Language } from "../../contract/page/words";
import { RUNBOOK } from "../../contract/runbook";
import { UserError } from "../commandLine";
import { example } from "./dashboardExample";
import { dashboardPicture } from "./dashboardPicture";

/** The stack that pages speak of: readers replace it by their own. */
const PLACE = {
  ...{ partition: "aws", region: "ap-northeast-1", accountId: "123456789012" },
  ...{ project: "partitions", stack: "dev", bucketPrefix: "my-team" },
};

/** Folder of the pages, where nothing else lies. */
const PAGES = "datasets";

/** Every page of every dataset, and the picture of their dashboard, by their files' paths below `docs/`. */
export function pages(datasets: readonly Dataset[]): Map<string, string> {
  const names = namesOf(PLACE, datasets);
  const { database, bucket, dashboard } = names;
  const body = dashboardBody({ names, datasets, runbook: RUNBOOK });
  const files = new Map([["dashboard.svg", dashboardPicture(dashboard, body, example(names, datasets))]]);
  for (const dataset of datasets)
    for (const [language, other] of [
      ["en", "ja"],
      ["ja", "en"],
    ] as const) {
      const page = datasetPage(dataset, { database, bucket }, language);
      files.set(
        path.posix.join(PAGES, fileName(dataset, language, "md")),
        markdown(page, fileName(dataset, other, "md")),
      );
      files.set(
        path.posix.join(PAGES, fileName(dataset, language, "html")),
        html(page, fileName(dataset, other, "html")),
      );
    }
  return files;
}

const fileName = ({ name }: Dataset, language: Language, ending: string): string =>
  language === "en" ? `${name}.${ending}` : `${name}.${language}.${ending}`;

/** Writes the pages, and removes those of datasets that are gone. */
export function writePages(folder: string, datasets: readonly Dataset[]): string {
  const files = pages(datasets);
  fs.mkdirSync(path.join(folder, PAGES), { recursive: true });
  for (const name of pagesIn(folder)) if (!files.has(name)) fs.rmSync(path.join(folder, name));
  for (const [name, text] of files) fs.writeFileSync(path.join(folder, name), text);
  return `${files.size - 1} pages and the dashboard's picture written to ${folder}`;
}

/** What there is, by path below `docs/`. */
function pagesIn(folder: string): string[] {
  const inside = path.join(folder, PAGES);
  return fs.existsSync(inside) ? fs.readdirSync(inside).map((name) => path.posix.join(PAGES, name)) : [];
}

/** @throws UserError when a page is not what the declarations say now */
export function checkPages(folder: string, datasets: readonly Dataset[]): string {
  const files = pages(datasets);
  const isCurrent = (name: string, text: string) => {
    const file = path.join(folder, name);
    return fs.existsSync(file) && fs.readFileSync(file, "utf8") === text;
  };
  const old = [
    ...[...files].flatMap(([name, text]) => (isCurrent(name, text) ? [] : [name])),
    ...pagesIn(folder).filter((name) => !files.has(name)),
  ];
  if (old.length > 0)
    throw new UserError(`pages of datasets are not current: ${old.join(", ")}; run 'npm run pages' and commit them`);
  return `${files.size - 1} pages of datasets and the dashboard's picture are current`;
}
