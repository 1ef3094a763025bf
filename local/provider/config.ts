import type { Aws } from "./clients";
import type { Properties } from "./values";

/** Settings of the real provider that mean nothing on the laptop: it has one endpoint and checks no account. */
const WITHOUT_MEANING =
  /^(version|pluginDownloadURL|skip\w+|s3UsePathStyle|endpoints|profile|accessKey|secretKey|token)$/;

/** What is wrong with the provider's configuration; a setting that would have an effect on AWS is not ignored. */
export function configProblems(config: Properties, aws: Aws): string[] {
  return Object.entries(config).flatMap(([name, value]) => {
    if (WITHOUT_MEANING.test(name) || value === undefined || value === null) return [];
    // Structured settings arrive as JSON text.
    const text = typeof value === "string" ? value : JSON.stringify(value);
    if (name === "region")
      return text === aws.region ? [] : [`aws:region must be '${aws.region}' on the laptop AWS, got '${text}'`];
    if (name === "allowedAccountIds")
      return text.includes(`"${aws.accountId}"`) ? [] : [`aws:allowedAccountIds lacks the laptop's ${aws.accountId}`];
    return [`aws:${name} is not a setting the laptop AWS supports`];
  });
}
