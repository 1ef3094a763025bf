/** Ends a measured process: its last line is JSON, what happened and the peak of its memory. */
export function finish(work: Promise<object>): void {
  work.then(
    (result) => console.log(JSON.stringify({ ...result, rssKiB: process.resourceUsage().maxRSS })),
    (error: unknown) => {
      console.error(error);
      process.exitCode = 1;
    },
  );
}
