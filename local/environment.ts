/** The account that the laptop AWS plays. moto's default: its own ARNs carry it. */
export const LAPTOP_ACCOUNT = "123456789012";

/** Credentials that no real account accepts. */
export const LAPTOP_CREDENTIALS = { accessKeyId: "test", secretAccessKey: "test" };

/**
 * The environment of every process that the laptop starts: the caller's, with all that could lead to a real account
 * taken out.
 */
export function laptopEnvironment(place: {
  readonly region: string;
  readonly endpoint?: string;
}): Record<string, string> {
  const inherited = Object.entries(process.env).flatMap(([name, value]): [string, string][] =>
    value === undefined || isAws(name) ? [] : [[name, value]],
  );
  return {
    ...Object.fromEntries(inherited),
    AWS_ACCESS_KEY_ID: LAPTOP_CREDENTIALS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: LAPTOP_CREDENTIALS.secretAccessKey,
    AWS_REGION: place.region,
    AWS_DEFAULT_REGION: place.region,
    AWS_CONFIG_FILE: "/dev/null",
    AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
    AWS_EC2_METADATA_DISABLED: "true",
    // A note about the next year's Node, once in each process.
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
    ...(place.endpoint === undefined ? {} : { AWS_ENDPOINT_URL: place.endpoint }),
  };
}

/**
 * Makes {@link laptopEnvironment} this process's own. For the first line of a command line: an SDK client that is made
 * before would still read the user's settings.
 */
export function enterLaptop(place: { readonly region: string }): void {
  for (const name of Object.keys(process.env).filter(isAws)) delete process.env[name];
  Object.assign(process.env, laptopEnvironment(place));
}

/**
 * What every SDK client of the laptop is made with: all that the SDK would otherwise look up in the user's environment
 * and files is given.
 *
 * @throws Error when the endpoint is not this machine
 */
export function clientOptions({ endpoint, region }: { readonly endpoint: string; readonly region: string }) {
  return {
    endpoint: loopback(endpoint),
    region,
    credentials: LAPTOP_CREDENTIALS,
    // Without a word from here an SDK takes them from the environment, and refuses them together with an endpoint.
    useFipsEndpoint: false,
    useDualstackEndpoint: false,
  };
}

/**
 * {@link laptopEnvironment} for a parent that adds it to its own instead of replacing it: what must be absent is
 * empty, which is the same to the Go and JavaScript SDKs (not to Python's).
 */
export function laptopOverrides(place: {
  readonly region: string;
  readonly endpoint?: string;
}): Record<string, string> {
  const hidden = Object.keys(process.env).filter(isAws);
  return { ...Object.fromEntries(hidden.map((name) => [name, ""])), ...laptopEnvironment(place) };
}

/** Everything AWS but the certificates of a closed network. */
function isAws(name: string): boolean {
  return name.startsWith("AWS_") && name !== "AWS_CA_BUNDLE";
}

/**
 * The endpoint, when it is this machine: what the laptop creates must never reach a real account.
 *
 * @throws Error for any other host
 */
export function loopback(endpoint: string): string {
  const { protocol, hostname } = new URL(endpoint);
  const own = hostname === "localhost" || hostname === "[::1]" || /^127(\.\d{1,3}){3}$/.test(hostname);
  if (!own || protocol !== "http:")
    throw new Error(
      `the laptop AWS must be on this machine, got endpoint '${endpoint}'; use a loopback address, as http://127.0.0.1:<port>`,
    );
  return endpoint;
}
