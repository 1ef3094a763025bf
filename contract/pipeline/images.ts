import { refuse } from "../problems";
import { own } from "./json";

/** Images that SageMaker itself offers for processing. */
export type Framework = "sklearn" | "spark";

export interface PrebuiltVersion {
  readonly region: string;
  /** Such as `1.2-1` (scikit-learn) or `3.5` (Spark). */
  readonly frameworkVersion: string;
  /** Spark only: a fixed build instead of the newest of the version. */
  readonly build?: SparkBuild | undefined;
}

export interface SparkBuild {
  /** Such as `py39`. */
  readonly python: string;
  /** Such as `1.0`. */
  readonly container: string;
}

interface Catalogue {
  readonly repository: string;
  /** Framework version → its Python versions. */
  readonly versions: Readonly<Record<string, readonly string[]>>;
  /** Region → the account that holds the images. */
  readonly accounts: Readonly<Record<string, string>>;
}

/** As of the SageMaker Python SDK 2.257.0 (`sagemaker/image_uri_config`); a test compares all of it with that package. */
const CATALOGUES = {
  sklearn: {
    repository: "sagemaker-scikit-learn",
    versions: {
      "0.20.0": ["py3"],
      "0.23-1": ["py3"],
      "1.0-1": ["py3"],
      "1.2-1": ["py3"],
      "1.4-2": ["py3"],
    },
    accounts: {
      "af-south-1": "510948584623",
      "ap-east-1": "651117190479",
      "ap-northeast-1": "354813040037",
      "ap-northeast-2": "366743142698",
      "ap-northeast-3": "867004704886",
      "ap-south-1": "720646828776",
      "ap-south-2": "628508329040",
      "ap-southeast-1": "121021644041",
      "ap-southeast-2": "783357654285",
      "ap-southeast-3": "951798379941",
      "ap-southeast-4": "106583098589",
      "ca-central-1": "341280168497",
      "ca-west-1": "190319476487",
      "cn-north-1": "450853457545",
      "cn-northwest-1": "451049120500",
      "eu-central-1": "492215442770",
      "eu-central-2": "680994064768",
      "eu-north-1": "662702820516",
      "eu-south-1": "978288397137",
      "eu-south-2": "104374241257",
      "eu-west-1": "141502667606",
      "eu-west-2": "764974769150",
      "eu-west-3": "659782779980",
      "il-central-1": "898809789911",
      "me-central-1": "272398656194",
      "me-south-1": "801668240914",
      "sa-east-1": "737474898029",
      "us-east-1": "683313688378",
      "us-east-2": "257758044811",
      "us-gov-east-1": "237065988967",
      "us-gov-west-1": "414596584902",
      "us-iso-east-1": "833128469047",
      "us-isob-east-1": "281123927165",
      "us-isof-east-1": "108575199400",
      "us-isof-south-1": "124985052026",
      "us-west-1": "746614075791",
      "us-west-2": "246618743249",
    },
  },
  spark: {
    repository: "sagemaker-spark-processing",
    versions: {
      "2.4": ["py37"],
      "3.0": ["py37"],
      "3.1": ["py37"],
      "3.2": ["py39"],
      "3.3": ["py39"],
      "3.5": ["py39", "py312"],
    },
    accounts: {
      "af-south-1": "309385258863",
      "ap-east-1": "732049463269",
      "ap-east-2": "533267296287",
      "ap-northeast-1": "411782140378",
      "ap-northeast-2": "860869212795",
      "ap-northeast-3": "102471314380",
      "ap-south-1": "105495057255",
      "ap-south-2": "873151114052",
      "ap-southeast-1": "759080221371",
      "ap-southeast-2": "440695851116",
      "ap-southeast-3": "800295151634",
      "ap-southeast-4": "819679513684",
      "ap-southeast-5": "841784149062",
      "ap-southeast-7": "471112967968",
      "ca-central-1": "446299261295",
      "ca-west-1": "000907499111",
      "cn-north-1": "671472414489",
      "cn-northwest-1": "844356804704",
      "eu-central-1": "906073651304",
      "eu-central-2": "142351485170",
      "eu-north-1": "330188676905",
      "eu-south-1": "753923664805",
      "eu-south-2": "833944533722",
      "eu-west-1": "571004829621",
      "eu-west-2": "836651553127",
      "eu-west-3": "136845547031",
      "il-central-1": "408426139102",
      "me-central-1": "395420993607",
      "me-south-1": "750251592176",
      "mx-central-1": "211125459255",
      "sa-east-1": "737130764395",
      "us-east-1": "173754725891",
      "us-east-2": "314815235551",
      "us-gov-east-1": "260923028637",
      "us-gov-west-1": "271483468897",
      "us-west-1": "667973535471",
      "us-west-2": "153931337802",
    },
  },
} as const satisfies Readonly<Record<Framework, Catalogue>>;

/** The versions that SageMaker has of a framework. */
export type FrameworkVersion<Of extends Framework> = keyof (typeof CATALOGUES)[Of]["versions"];

/** {@link FrameworkVersion}, for what no compiler saw. */
export function versionsOf(framework: Framework): readonly string[] {
  return Object.keys(CATALOGUES[framework].versions);
}

/**
 * The URI of one of SageMaker's own images, as the SDK's `image_uris.retrieve` gives it.
 *
 * @param subject begins the error's text
 * @throws ContractError when SageMaker has no such image in the region
 */
export function imageUriOf(
  framework: Framework,
  { region, frameworkVersion, build }: PrebuiltVersion,
  subject = `SageMaker's ${framework} image`,
): string {
  const { repository, versions, accounts }: Catalogue = CATALOGUES[framework];
  const pythons = own(versions, frameworkVersion);
  const account = own(accounts, region);
  const problems: string[] = [];
  if (!pythons)
    problems.push(`frameworkVersion '${frameworkVersion}' must be one of ${Object.keys(versions).join(", ")}`);
  else if (build && !pythons.includes(build.python))
    problems.push(`python '${build.python}' must be one of ${pythons.join(", ")} for ${frameworkVersion}`);
  if (account === undefined)
    problems.push(
      `region '${region}' has no such image; give imageUri, or use one of ${Object.keys(accounts).join(", ")}`,
    );
  refuse(subject, problems);
  // scikit-learn names its one Python always, Spark only together with the build.
  const suffix = framework === "sklearn" ? (pythons ?? []) : build ? [build.python, `v${build.container}`] : [];
  return `${account}.dkr.ecr.${region}.${domainOf(region)}/${repository}:${[frameworkVersion, "cpu", ...suffix].join("-")}`;
}

/** Registries of China and of the isolated regions have their own domains. */
function domainOf(region: string): string {
  const [, domain] = DOMAINS.find(([prefix]) => region.startsWith(prefix)) ?? [];
  return domain ?? "amazonaws.com";
}

const DOMAINS: readonly (readonly [prefix: string, domain: string])[] = [
  ["cn-", "amazonaws.com.cn"],
  ["us-isof-", "csp.hci.ic.gov"],
  ["us-isob-", "sc2s.sgov.gov"],
  ["us-iso-", "c2s.ic.gov"],
];
