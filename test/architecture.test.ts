import { deepEqual, ok } from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import packageJson from "../package.json";
import { filesOf, readText as read, ROOT } from "./support/files";

const withoutComments = (text: string): string => text.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "");

interface Import {
  readonly from: string;
  /** A path from the root without its ending, or the name of a package. */
  readonly to: string;
  readonly typeOnly: boolean;
}

function importsOf(file: string): Import[] {
  const pattern =
    /(?:^|\n)\s*(import|export)(\s+type)?\b[^;"']*?from\s*["']([^"']+)["']|(?:require|import)\(\s*["']([^"']+)["']/g;
  return [...withoutComments(read(file)).matchAll(pattern)].map(([, , type, from, dynamic]) => {
    // An import at run time names the file as Node finds it.
    const target = (from ?? dynamic ?? "").replace(/^(\..*)\.js$/, "$1");
    const to = target.startsWith(".") ? path.posix.join(path.posix.dirname(file), target) : target;
    return { from: file, to, typeOnly: type !== undefined };
  });
}

const sources = filesOf([".ts"]);
const imports = sources.flatMap(importsOf);
/** The top folder of a path; `index` for the program itself. */
const partOf = (file: string): string => (file.includes("/") ? (file.split("/")[0] ?? "") : file.replace(/\.ts$/, ""));
const isOwn = (to: string): boolean => sources.includes(`${to}.ts`) || sources.includes(`${to}/index.ts`);
const isData = (to: string): boolean => to.endsWith(".json") && fs.existsSync(path.join(ROOT, to));
const show = ({ from, to }: Import): string => `${from} → ${to}`;

/** What each part may import of the others. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  contract: [],
  datasets: ["contract"],
  helpers: ["contract"],
  components: ["contract", "helpers"],
  operations: ["contract", "datasets"],
  index: ["components", "contract", "datasets"],
  policy: ["contract"],
  local: ["contract", "datasets", "helpers", "operations", "index"],
};

describe("the architecture", () => {
  it("is seen as it is: imports are found, and lead to files that exist", () => {
    ok(imports.length > 100);
    const lost = imports.filter(
      ({ to }) => /^[a-z]+\//.test(to) && partOf(to) in MAY_IMPORT && !isOwn(to) && !isData(to),
    );
    deepEqual(lost.map(show), []);
  });

  for (const [part, allowed] of Object.entries(MAY_IMPORT))
    it(`lets ${part} import ${["itself", ...allowed].join(", ")}, and no other part`, () => {
      const wrong = imports.filter(
        ({ from, to }) => partOf(from) === part && isOwn(to) && ![part, ...allowed].includes(partOf(to)),
      );
      deepEqual(wrong.map(show), []);
    });

  it("keeps the contract pure: no Pulumi, no AWS SDK, no files, no network", () => {
    const wrong = imports.filter(
      ({ from, to }) =>
        partOf(from) === "contract" && /^(@pulumi|@aws-sdk|node:(fs|http|https|net|child_process))/.test(to),
    );
    deepEqual(wrong.map(show), []);
  });

  it("keeps Pulumi out of the run-time side, and the AWS SDK out of components", () => {
    const wrong = imports.filter(
      ({ from, to }) =>
        (["operations", "datasets"].includes(partOf(from)) && to.startsWith("@pulumi")) ||
        (partOf(from) === "components" && to.startsWith("@aws-sdk")),
    );
    deepEqual(wrong.map(show), []);
  });

  it("lets the policy pack read the contract's parsers and validator alone, never a renderer or a declaration", () => {
    const reached = new Set<string>();
    const visit = (file: string) => {
      if (reached.has(file)) return;
      reached.add(file);
      for (const { to } of importsOf(file))
        if (isOwn(to)) visit(sources.includes(`${to}.ts`) ? `${to}.ts` : `${to}/index.ts`);
    };
    for (const file of sources) if (partOf(file) === "policy") visit(file);
    const fromContract = [...reached].filter((file) => partOf(file) === "contract");
    ok(fromContract.includes("contract/parse.ts"));
    const readers =
      /^contract\/(parse[A-Za-z]*|problems|pipeline\/(validate|validation\/[A-Za-z]+|json)|projection\/(check|reading\/[a-z]+))\.ts$/;
    deepEqual(
      fromContract.filter((file) => !readers.test(file)),
      [],
    );
  });

  it("lets the policy pack use the AWS provider's types alone: at run time it costs seconds and memory", () => {
    const wrong = imports.filter(
      ({ from, to, typeOnly }) => partOf(from) === "policy" && /^@pulumi\/aws/.test(to) && !typeOnly,
    );
    deepEqual(wrong.map(show), []);
  });

  it("reads configuration in one place", () => {
    const readers = sources.filter((file) => /new pulumi\.Config\(/.test(read(file)));
    deepEqual(readers, ["components/config.ts"]);
  });

  it("renders key=val in the layout alone", () => {
    /** Not partitions: a step's outputs on the terminal, an error text of an independent check, build arguments. */
    const others = ["operations/commands/run.ts", "policy/folders.ts", "local/provider/awsx.ts"];
    const wrong = sources.filter(
      (file) => !file.startsWith("test/") && !others.includes(file) && /=\$\{|\}=`/.test(withoutComments(read(file))),
    );
    deepEqual(wrong, ["contract/layout.ts"]);
  });

  it("renders ARNs in the names alone", () => {
    const wrong = sources.filter(
      (file) => /^(components|operations|datasets|index)/.test(file) && /["'`]arn:/.test(withoutComments(read(file))),
    );
    deepEqual(wrong, []);
  });

  it("switches no check of the compiler off", () => {
    const off = /@ts-(ignore|nocheck)|eslint-disable|(:\s|\bas\s|<)any\b[^a-z]/;
    const wrong = sources.filter(
      (file) => file !== "test/architecture.test.ts" && off.test(withoutComments(read(file))),
    );
    deepEqual(wrong, []);
    const comment = /\/[/*]\s*(@ts-(ignore|nocheck|expect-error)|eslint-disable)/;
    // Tests prove with @ts-expect-error that something does not compile.
    const commented = sources.filter((file) =>
      comment.test(file.startsWith("test/") ? read(file).replaceAll("@ts-expect-error", "") : read(file)),
    );
    deepEqual(commented, []);
  });

  it("has files that fit a reader's head: at most 250 lines", () => {
    /** Tables of cases are read line by line. */
    const longer = /^test\/contract\/pipeline\/(broken\.ts|pipelines\.ts|sdk_pipelines\.py)$/;
    const wrong = filesOf([".ts", ".py"])
      .filter((file) => !longer.test(file))
      .flatMap((file) => {
        const lines = read(file).trimEnd().split("\n").length;
        return lines > 250 ? [`${file}: ${lines}`] : [];
      });
    deepEqual(wrong, []);
  });

  it("documents only commands that exist", () => {
    const builtIn = ["ci", "install", "start", "test", "run", "exec"];
    const commands = filesOf([".md"]).flatMap((file) =>
      [...read(file).matchAll(/\bnpm (?:run ([a-z][a-z:-]*)(?: -- ([a-z]+))?|([a-z]+))/g)].map(
        ([text, script, subcommand, word]) => ({ file, text, script: script ?? word ?? "", run: !word, subcommand }),
      ),
    );
    const scripts: Readonly<Record<string, string>> = packageJson.scripts;
    const missing = commands.filter(({ script, run }) => (run || !builtIn.includes(script)) && !(script in scripts));
    deepEqual(
      missing.map(({ file, text }) => `${file}: ${text}`),
      [],
    );
    const cli = [read("local/cli.ts"), ...filesOf([".ts"], "operations/commands").map(read)].join("\n");
    const unknown = commands.filter(
      ({ script, subcommand }) =>
        script === "local" &&
        subcommand !== undefined &&
        !new RegExp(`(\\.command|new Command)\\("${subcommand}[" ]`).test(cli),
    );
    deepEqual(
      unknown.map(({ file, text }) => `${file}: ${text}`),
      [],
    );
  });

  it("has npm scripts that point at files which exist", () => {
    const files = Object.values(packageJson.scripts).flatMap((script) => /\btsx (\S+)/.exec(script)?.[1] ?? []);
    ok(files.length > 0);
    deepEqual(
      files.filter((file) => !fs.existsSync(path.join(ROOT, file))),
      [],
    );
  });
});
