import { literally } from "./reading/pattern";
import { propertyOf, typeOf, type Parameters } from "./reading/properties";
import { readTemplate } from "./reading/template";
import { projectedValues } from "./values";

/** The folder of one projected partition. */
export interface ProjectedPlace {
  /** `s3://…/` */
  readonly location: string;
  /** The text of each key, as it stands in the location. */
  readonly texts: Readonly<Record<string, string>>;
}

/**
 * Finds for an object the projected partition that it lies in. Athena goes the other way, from every value to its
 * folder; both find the same rows, and this way costs a listing of what is there instead of a call for each value.
 *
 * @param template `storage.location.template`; a slash at its end may be missing
 * @param now time of the query, in milliseconds since 1970
 */
export function placesOf(
  parameters: Parameters,
  columns: readonly string[],
  template: string,
  now: number,
): { readonly prefix: string; find(uri: string): ProjectedPlace | undefined } {
  const parts = readTemplate(template.replace(/\/?$/, "/"));
  const [first] = parts;
  const named: string[] = [];
  const source = parts.map((part) => {
    if ("text" in part) return literally(part.text);
    const before = named.indexOf(part.column);
    if (before >= 0) return `\\${before + 1}`;
    named.push(part.column);
    return `(${shapeOf(parameters, part.column)})`;
  });
  const pattern = new RegExp(`^${source.join("")}`, "s");
  const values = new Map(columns.map((column) => [column, projectedValues(parameters, column, now)]));
  return {
    prefix: first && "text" in first ? first.text : "",
    find: (uri) => {
      const match = pattern.exec(uri);
      if (!match) return undefined;
      const texts = Object.fromEntries(named.map((column, index) => [column, match[index + 1] ?? ""]));
      const projected = columns.every((column) => {
        const text = texts[column];
        return text !== undefined && (values.get(column)?.has(text) ?? true);
      });
      return projected ? { location: match[0], texts } : undefined;
    },
  };
}

/** What the values of a key look like in an address: they may hold slashes, and always as many. */
function shapeOf(parameters: Parameters, column: string): string {
  if (typeOf(parameters, column) === "enum")
    return (propertyOf(parameters, column, "values") ?? "").split(",").map(literally).join("|");
  const slashes = typeOf(parameters, column) === "date" ? (propertyOf(parameters, column, "format") ?? "") : "";
  return `[^/]+(?:/[^/]+){${slashes.split("/").length - 1}}`;
}
