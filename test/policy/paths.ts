import { LOCATION } from "./resources";

/** Where a path is wrong, as it can be in a partition and in a template alike; `a` and `b` are the two values. */
export const wrongPaths: [what: string, path: (a: string, b: string) => string, problems: readonly string[]][] = [
  [
    "keys in another order",
    (a, b) => `country=${b}/process_date_jst=${a}/`,
    ["level 1 is 'country=B', expected 'process_date_jst=…'", "level 2 is 'process_date_jst=A', expected 'country=…'"],
  ],
  ["values without keys", (a, b) => `${a}/country=${b}/`, ["level 1 is 'A', expected 'process_date_jst=…'"]],
  [
    "a missing key",
    (a) => `process_date_jst=${a}/`,
    ["'process_date_jst=A/' has 1 levels, the table declares 2: process_date_jst=…/country=…/"],
  ],
  [
    "a folder before the keys",
    (a, b) => `v=1/process_date_jst=${a}/country=${b}/`,
    [`has 3 folders below '${LOCATION}', expected 2`],
  ],
  [
    "the value of another key",
    (a, b) => `process_date_jst=${b}/country=${a}/`,
    ["level 1 is 'process_date_jst=B', expected 'process_date_jst=A'", "level 2 is 'country=A', expected 'country=B'"],
  ],
  [
    "an upper-case key",
    (a, b) => `process_date_jst=${a}/Country=${b}/`,
    ["level 2 is 'Country=B', expected 'country=…'"],
  ],
];
