/*
 * What java.time.format.DateTimeFormatter says (Locale.ENGLISH, UTC), printed by JDK 17 and JDK 25 alike: a source
 * that nobody here wrote, for the formats of keys and for the reader of hand-written ones.
 */

export const INSTANTS = [
  "2021-12-01T03:04:05.678Z",
  "2024-02-29T23:59:59.999Z",
  "2000-01-01T00:00:00Z",
  "2038-10-09T12:30:00.050Z",
  "1999-12-31T10:10:10.1Z",
] as const;

/** `ofPattern(…).format(…)` for each of {@link INSTANTS}. */
export const TEXTS: readonly (readonly [pattern: string, texts: readonly string[]])[] = [
  ["yyyy-MM-dd", ["2021-12-01", "2024-02-29", "2000-01-01", "2038-10-09", "1999-12-31"]],
  ["yyyyMMdd", ["20211201", "20240229", "20000101", "20381009", "19991231"]],
  ["yyyy-MM-dd-HH", ["2021-12-01-03", "2024-02-29-23", "2000-01-01-00", "2038-10-09-12", "1999-12-31-10"]],
  ["yyyyMMddHH", ["2021120103", "2024022923", "2000010100", "2038100912", "1999123110"]],
  ["yyyy-MM", ["2021-12", "2024-02", "2000-01", "2038-10", "1999-12"]],
  ["yyyyMM", ["202112", "202402", "200001", "203810", "199912"]],
  ["yyyy", ["2021", "2024", "2000", "2038", "1999"]],
  ["MM", ["12", "02", "01", "10", "12"]],
  ["M", ["12", "2", "1", "10", "12"]],
  ["dd", ["01", "29", "01", "09", "31"]],
  ["d", ["1", "29", "1", "9", "31"]],
  ["HH", ["03", "23", "00", "12", "10"]],
  ["H", ["3", "23", "0", "12", "10"]],
  ["yyyy/MM/dd/HH", ["2021/12/01/03", "2024/02/29/23", "2000/01/01/00", "2038/10/09/12", "1999/12/31/10"]],
  [
    "dd-MM-yyyy-HH-mm-ss",
    ["01-12-2021-03-04-05", "29-02-2024-23-59-59", "01-01-2000-00-00-00", "09-10-2038-12-30-00", "31-12-1999-10-10-10"],
  ],
  ["yy-MM-dd", ["21-12-01", "24-02-29", "00-01-01", "38-10-09", "99-12-31"]],
  ["y.M.d", ["2021.12.1", "2024.2.29", "2000.1.1", "2038.10.9", "1999.12.31"]],
  ["uuuu-LL-dd", ["2021-12-01", "2024-02-29", "2000-01-01", "2038-10-09", "1999-12-31"]],
  [
    "yyyy-MM-dd'T'HH:mm",
    ["2021-12-01T03:04", "2024-02-29T23:59", "2000-01-01T00:00", "2038-10-09T12:30", "1999-12-31T10:10"],
  ],
  [
    "yyyy-MM-dd HH:mm:ss.SSS",
    [
      "2021-12-01 03:04:05.678",
      "2024-02-29 23:59:59.999",
      "2000-01-01 00:00:00.000",
      "2038-10-09 12:30:00.050",
      "1999-12-31 10:10:10.100",
    ],
  ],
  ["yyyy''MM'o''clock'", ["2021'12o'clock", "2024'02o'clock", "2000'01o'clock", "2038'10o'clock", "1999'12o'clock"]],
  ["yyyy-DDD", ["2021-335", "2024-060", "2000-001", "2038-282", "1999-365"]],
  ["yyyy-D", ["2021-335", "2024-60", "2000-1", "2038-282", "1999-365"]],
  [
    "yyyyMMddHHmmssSS",
    ["2021120103040567", "2024022923595999", "2000010100000000", "2038100912300005", "1999123110101010"],
  ],
];

/** Texts that `ofPattern(…).parse(…)` refuses. */
export const REFUSED: readonly (readonly [pattern: string, text: string])[] = [
  ["yyyy-MM-dd", "2021-1-5"],
  ["yyyy-MM-dd", "2021-13-01"],
  ["yyyy-MM-dd", "2021-00-10"],
  ["yyyy-MM-dd", "2021-12-32"],
  ["yyyy-MM-dd", "20211201"],
  ["yyyy-MM-dd", "2021-12-01 "],
  ["yyyy-MM-dd", "0000-01-01"],
  ["yyyyMMdd", "2021-12-01"],
  ["yyyyMMdd", "120211201"],
  ["yyyyMM", "20211"],
  ["yyyy", "21"],
  ["yyyy-MM-dd-HH", "2021-12-01-25"],
  ["yyyy-MM-dd-HH", "2021-12-01"],
  ["yyyy-DDD", "2021-367"],
  ["yyyy-DDD", "2021-366"],
  ["yyyy-DDD", "2021-000"],
  ["yyyy-MM-dd'T'HH:mm", "2021-12-01 03:04"],
  ["y.M.d", "2021.13.1"],
];

/** Patterns that `ofPattern(…)` refuses, with its words. */
export const ILLEGAL: readonly (readonly [pattern: string, message: string])[] = [
  ["yyyy-MM-ddTHH", "Unknown pattern letter: T"],
  ["yyyy-MM-ddd", "Too many pattern letters: d"],
  ["HHH", "Too many pattern letters: H"],
  ["yyyy'", "Pattern ends with an incomplete string literal: yyyy'"],
  ["yyyy{MM}", "Pattern includes reserved character: '{'"],
  ["yyyy#MM", "Pattern includes reserved character: '#'"],
  ["yyyy-DDDD", "Too many pattern letters: D"],
  ["MMMMMM", "Too many pattern letters: M"],
  ["mmm", "Too many pattern letters: m"],
  ["yyyyIMM", "Unknown pattern letter: I"],
  ["yyyy-MM-dd't", "Pattern ends with an incomplete string literal: yyyy-MM-dd't"],
  ["jj", "Unknown pattern letter: j"],
];

/** Patterns that `ofPattern(…)` takes, with more than numbers in them. */
export const LEGAL: readonly string[] = [
  "yyyy MMM dd",
  "EEE, dd MMM yyyy",
  "YYYY-'W'ww-e",
  "yyyy-MM-dd hh a",
  "yyyyQQ",
  "yyyy[-MM[-dd]]",
  "G yyyy-MM-dd",
  "yyyy-MM-dd'T'HHXXX",
  "yyyy-MM-dd z",
];

/** Patterns that `ofPattern(…)` takes, and of whose texts `LocalDate.from(…)` makes no date. */
export const DATELESS: readonly string[] = [
  "yyyy-mm-dd",
  "YYYY-MM-DD",
  "YYYY-MM-dd",
  "yyyy-MM-DD",
  "MM-dd",
  "yyyy-dd",
  "yyyy-MM-HH",
  "HH",
];
