import type {
  PolicyResource,
  ResourceValidationArgs,
  ResourceValidationPolicy,
  StackValidationArgs,
  StackValidationPolicy,
} from "@pulumi/policy";
import { BUCKET_ENCRYPTION, BUCKET_ENCRYPTION_V2, OBJECT, OBJECT_V1, PIPELINE, TABLE } from "./kinds";
import { inTurn } from "./resources";

const tokensOf = (...kinds: readonly { readonly token: string }[]): readonly string[] =>
  kinds.map(({ token }) => token);

/** What pipelines are compared with: a pipeline may come before it as well. */
const COMPARED = tokensOf(TABLE, BUCKET_ENCRYPTION, BUCKET_ENCRYPTION_V2);
const SEEN = [...COMPARED, ...tokensOf(OBJECT, OBJECT_V1, PIPELINE)];

/** The resources that have been judged so far, in the place of all. */
interface EarlyArgs extends StackValidationArgs {
  readonly early: true;
}

/** Whether a rule sees only what was judged so far: then nothing follows from what is not there. */
export function isEarly(args: StackValidationArgs): boolean {
  return "early" in args;
}

/**
 * A rule about the whole stack that judges a pipeline also before it is made, against the resources that came before;
 * and what pipelines are compared with, before that is made, against the pipelines that came before. The engine asks
 * such rules at the end of an `up` only, which is too late where a definition was not known at the preview.
 *
 * @param rule one that judges single pipelines as well compares them with nothing
 * @param seen resources by URN; to be shared by all rules of a pack
 */
export function alsoEarly(
  rule: StackValidationPolicy & Partial<Pick<ResourceValidationPolicy, "validateResource">>,
  seen: Map<string, PolicyResource>,
): StackValidationPolicy & ResourceValidationPolicy {
  const own = [rule.validateResource ?? []].flat();
  return {
    ...rule,
    validateResource: (args, report) => {
      const isPipeline = args.type === PIPELINE.token;
      if (SEEN.includes(args.type)) seen.set(args.urn, asStackResource(args));
      if (!isPipeline && (own.length > 0 || !COMPARED.includes(args.type))) return;
      // Of the pipelines that came before, all was said before.
      const resources = [...seen.values()].filter(
        ({ type, urn }) => !isPipeline || type !== PIPELINE.token || urn === args.urn,
      );
      const early: EarlyArgs = {
        ...{ resources, stackTags: args.stackTags, early: true },
        getConfig: () => args.getConfig(),
        notApplicable: (reason) => args.notApplicable(reason),
      };
      // With the URN, by which an exception is found.
      inTurn(
        ...(isPipeline ? own.map((validate) => () => void validate(args, report)) : []),
        () => void rule.validateStack(early, report),
      );
    },
  };
}

function asStackResource(args: ResourceValidationArgs): PolicyResource {
  const { type, name, urn, props, opts } = args;
  return {
    ...{ type, name, urn, props, opts: { ...opts }, dependencies: [], propertyDependencies: {} },
    isType: (resourceClass) => args.isType(resourceClass),
    // The rules of this pack go by the type's name.
    asType: () => undefined,
  };
}
