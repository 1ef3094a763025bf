import { isObject } from "../json";
import { at, SOURCES, type Findings } from "./problem";
import { isReference, walk } from "./values";

/** `Get`, `Std:Join` and `Std:JsonGet` are all the functions there are. */
const NAMES = ["Std:Join", "Std:JsonGet"];

/** Checks that each function stands alone and has what it needs; whether a path leads somewhere is another check. */
export function checkFunctions(definition: Record<string, unknown>, found: Findings): void {
  walk(definition, "", (value, pointer) => {
    if (!isObject(value)) return;
    for (const [key, content] of Object.entries(value)) {
      if (key !== "Get" && !key.startsWith("Std:")) continue;
      const add = (rule: string, shown: unknown, fix: string) =>
        found.add(at(pointer, key), rule, shown, fix, SOURCES.sdk);
      if (key !== "Get" && !NAMES.includes(key)) add("a function of pipelines", key, `use Get, ${NAMES.join(" or ")}`);
      else if (Object.keys(value).length > 1) add(`${key} stands alone in its { }`, value, "remove the other members");
      else if (key === "Get" && typeof content !== "string")
        add("Get has the path of a value", content, 'write "Parameters.<name>"');
      else if (key === "Std:Join") checkJoin(content, add);
      else if (key === "Std:JsonGet") checkJsonGet(content, add);
    }
  });
}

type Add = (rule: string, shown: unknown, fix: string) => void;

function checkJoin(content: unknown, add: Add): void {
  const { On: on, Values: values }: Record<string, unknown> = isObject(content) ? content : {};
  if (typeof on !== "string" || !Array.isArray(values))
    return add("Std:Join has On and Values", content, 'write {"On": "/", "Values": [ … ]}');
  const isPart = (part: unknown): boolean => ["string", "number", "boolean"].includes(typeof part) || isReference(part);
  for (const part of values as unknown[])
    if (!isPart(part)) add("Std:Join joins texts, numbers and references", part, "give one of them in its place");
}

/** Reads a file of a step (a property file), or one on S3. */
function checkJsonGet(content: unknown, add: Add): void {
  const { Path: path, PropertyFile: file, S3Uri: uri }: Record<string, unknown> = isObject(content) ? content : {};
  const source = isReference(file) || typeof uri === "string" || isReference(uri);
  if (typeof path !== "string" || path === "" || !source)
    add(
      "Std:JsonGet has Path, and PropertyFile or S3Uri",
      content,
      'write {"PropertyFile": {"Get": "Steps.<step>.PropertyFiles.<name>"}, "Path": "<path in the file>"}',
    );
}
