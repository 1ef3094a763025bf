/**
 * Aborts when this process is asked to end (Ctrl-C, a terminal that closes, `kill`), so that whoever waits can clean up.
 * A second request ends the process at once.
 */
export function onInterrupt(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
    process.on(signal, () => {
      if (controller.signal.aborted) process.exit(130);
      controller.abort();
      process.exitCode = 130;
      process.stderr.write("\nstopping, and cleaning up (press again to leave at once) …\n");
    });
  return controller.signal;
}
