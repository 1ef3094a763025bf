import type { PolicyPackConfig } from "@pulumi/policy";
import { isRecord } from "./locations";
import { isForProduction, type Rule } from "./rule";

/**
 * What a stack says of the pack, in its own configuration (`pulumi config set --path policy:…`): who changes a level or
 * adds an exception does so in a file that is reviewed. What `--policy-pack-config` says on top of it wins.
 */
export interface Settings {
  /** `production` makes the rules of {@link isForProduction} mandatory. */
  readonly environment?: string;
  /** Level of a rule, by name. */
  readonly levels: Readonly<Record<string, string>>;
  /** Parameters of rules, by the name that a rule's `configSchema` gives them. */
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly exceptions: readonly unknown[];
}

/**
 * Parameters that a program may hold as a setting of its own, `<project>:<key>`: then the rules go by that, and the
 * same is not said twice.
 */
const OF_PROGRAM = [
  { parameter: "network", key: "network", pattern: /^(?:isolated|vpc|open)$/ },
  { parameter: "permissionsBoundary", key: "permissionsBoundaryArn", pattern: /^arn:[^:]+:iam::[^:]+:policy\// },
] as const;

const LEVELS = ["mandatory", "advisory", "disabled"] as const;
const MEMBERS = ["environment", "levels", "parameters", "exceptions"];
const PRODUCTION_NAMES = /^(?:.*[-_.])?prod(?:uction)?$/i;

/**
 * Reads the settings from what the engine tells a policy pack.
 *
 * @param configuration the stack's configuration as JSON, by `namespace:key`; structured values are JSON themselves
 * @param project whose own settings are parameters too
 */
export function settingsOf(
  configuration: string | undefined,
  project?: string,
): {
  readonly settings: Settings;
  readonly problems: string[];
} {
  const problems: string[] = [];
  const all = read(configuration ?? "{}");
  const members: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(isRecord(all) ? all : {})) {
    const member = /^policy:(.+)$/.exec(key)?.[1];
    if (member === undefined) continue;
    if (!MEMBERS.includes(member))
      problems.push(`policy:${member} is not known, expected one of ${MEMBERS.join(", ")}`);
    members[member] = member === "environment" || typeof value !== "string" ? value : read(value);
  }
  const own = isRecord(all) && project !== undefined ? parametersOf(all, project) : {};
  const { environment, levels = {}, parameters = {}, exceptions = [] } = members;
  for (const [name, value] of Object.entries(own)) {
    const said = isRecord(parameters) ? parameters[name] : undefined;
    if (said !== undefined && said !== value)
      problems.push(
        `policy:parameters sets '${name}' to ${JSON.stringify(said)}, the program's own setting is '${value}'; ` +
          `take '${name}' out of policy:parameters`,
      );
  }
  const expect = (member: string, good: boolean, what: string) => {
    if (!good) problems.push(`policy:${member} is ${JSON.stringify(members[member])}, expected ${what}`);
    return good;
  };
  return {
    problems,
    settings: {
      ...(typeof environment === "string" ? { environment } : {}),
      levels: expect("levels", isRecord(levels), "rules and their levels") ? (levels as Record<string, string>) : {},
      parameters: expect("parameters", isRecord(parameters), "names and values")
        ? { ...(parameters as Record<string, unknown>), ...own }
        : own,
      exceptions: expect("exceptions", Array.isArray(exceptions), "a list") ? (exceptions as unknown[]) : [],
    },
  };
}

/** The parameters that a program's own settings are. */
function parametersOf(configuration: Readonly<Record<string, unknown>>, project: string): Record<string, string> {
  return Object.fromEntries(
    OF_PROGRAM.flatMap(({ parameter, key, pattern }) => {
      const value = configuration[`${project}:${key}`];
      return typeof value === "string" && pattern.test(value) ? [[parameter, value]] : [];
    }),
  );
}

function read(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Whether a stack is in production: by its own word, else by its name. */
export function isProduction({ environment }: Settings, stack: string | undefined): boolean {
  return PRODUCTION_NAMES.test(environment ?? stack ?? "");
}

/** Levels and parameters of the rules, as the engine takes them from a pack that starts. */
export function configOf(rules: readonly Rule[], settings: Settings, stack: string | undefined): PolicyPackConfig {
  const production = isProduction(settings, stack);
  return Object.fromEntries(
    rules.map((rule) => {
      const byRule = LEVELS.find((level) => level === settings.levels[rule.name]);
      const level =
        byRule ?? (production && isForProduction(rule) ? "mandatory" : (rule.enforcementLevel ?? "mandatory"));
      const known = Object.keys(rule.configSchema?.properties ?? {}).filter((name) => name in settings.parameters);
      return [
        rule.name,
        { enforcementLevel: level, ...Object.fromEntries(known.map((name) => [name, settings.parameters[name]])) },
      ];
    }),
  );
}

/** What is wrong with levels and parameters: a name that no rule has does nothing. */
export function settingsProblems(rules: readonly Rule[], { levels, parameters }: Settings): string[] {
  const names = new Set(rules.map(({ name }) => name));
  const known = new Set(rules.flatMap((rule) => Object.keys(rule.configSchema?.properties ?? {})));
  return [
    ...Object.entries(levels).flatMap(([name, level]) => [
      ...(names.has(name) ? [] : [`policy:levels names '${name}', expected a rule of the pack`]),
      ...(LEVELS.some((each) => each === level)
        ? []
        : [`policy:levels sets '${name}' to '${level}', expected ${LEVELS.join(", ")}`]),
    ]),
    ...Object.keys(parameters).flatMap((name) =>
      known.has(name) ? [] : [`policy:parameters sets '${name}', expected one of ${[...known].sort().join(", ")}`],
    ),
  ];
}
