import * as fs from "node:fs";
import * as path from "node:path";
import type { Dataset } from "../../contract/dataset";
import { namesOf } from "../../contract/names";
import { html } from "../../contract/page/html";
import { markdown } from "../../contract/page/markdown";
import { datasetPage } from "../../contract/page/page";
import type { Language } from "../../contract/page/words";
import { UserError } from "../commandLine";

/** The stack that pages speak of: readers replace it by their own. */
const PLACE = {
  ...{ partition: "aws", region: "ap-northeast-1", accountId: "123456789012" },
  ...{ project: "partitions", stack: "dev", bucketPrefix: "my-team" },
};

/** Every page of every dataset, by its file's name. */
export function pages(datasets: readonly Dataset[]): Map<string, string> {
  const { database, bucket } = namesOf(PLACE, datasets);
  const files = new Map<string, string>();
  for (const dataset of datasets)
    for (const [language, other] of [
      ["en", "ja"],
      ["ja", "en"],
    ] as const) {
      const page = datasetPage(dataset, { database, bucket }, language);
      files.set(fileName(dataset, language, "md"), markdown(page, fileName(dataset, other, "md")));
      files.set(fileName(dataset, language, "html"), html(page, fileName(dataset, other, "html")));
    }
  return files;
}

const fileName = ({ name }: Dataset, language: Language, ending: string): string =>
  language === "en" ? `${name}.${ending}` : `${name}.${language}.${ending}`;

/** Writes the pages, and removes those of datasets that are gone. */
export function writePages(folder: string, datasets: readonly Dataset[]): string {
  const files = pages(datasets);
  fs.mkdirSync(folder, { recursive: true });
  for (const name of fs.readdirSync(folder)) if (!files.has(name)) fs.rmSync(path.join(folder, name));
  for (const [name, text] of files) fs.writeFileSync(path.join(folder, name), text);
  return `${files.size} pages written to ${folder}`;
}

/** @throws UserError when a page is not what the declarations say now */
export function checkPages(folder: string, datasets: readonly Dataset[]): string {
  const files = pages(datasets);
  const found = fs.existsSync(folder) ? fs.readdirSync(folder) : [];
  const old = [
    ...[...files].filter(
      ([name, text]) => !found.includes(name) || fs.readFileSync(path.join(folder, name), "utf8") !== text,
    ),
    ...found.filter((name) => !files.has(name)).map((name) => [name]),
  ].map(([name]) => name);
  if (old.length > 0)
    throw new UserError(`pages of datasets are not current: ${old.join(", ")}; run 'npm run pages' and commit them`);
  return `${files.size} pages of datasets are current`;
}
