import type { ProjectedTable } from "../../../contract/projection/check";
import { SOUND } from "./tables";

/** The sound table with some parameters changed; `undefined` removes one. */
export function changed(parameters: Readonly<Record<string, string | undefined>>): ProjectedTable {
  const all = Object.entries({ ...SOUND.parameters, ...parameters });
  const kept = all.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
  return { ...SOUND, parameters: Object.fromEntries(kept) };
}

const TEMPLATE = SOUND.parameters["storage.location.template"];
const template = (from: string, to: string) => ({ "storage.location.template": TEMPLATE.replace(from, () => to) });

/** One change each, and the one problem it makes. */
export const BROKEN: readonly (readonly [title: string, table: ProjectedTable, expected: RegExp])[] = [
  [
    "projection that is not switched on",
    changed({ "projection.enabled": undefined }),
    /^projection\.enabled: true, .* got nothing; write true/,
  ],
  ["a switch that says yes", changed({ "projection.enabled": "yes" }), /^projection\.enabled: true, .* got "yes"/],
  [
    "a key that has no projection",
    changed({ "projection.site.type": undefined }),
    /^projection\.site\.type: every partition key is projected, or every query fails, got nothing; add it/,
  ],
  [
    "an unknown type",
    changed({ "projection.site.type": "list" }),
    /^projection\.site\.type: a projection type: enum, .* got "list"/,
  ],
  [
    "a misspelt property",
    changed({ "projection.shard.interal": "2" }),
    /there is no property 'interal', .* rename it to 'projection\.shard\.interval'/,
  ],
  [
    "an underscore in interval.unit",
    changed({ "projection.day.interval_unit": "DAYS" }),
    /rename it to 'projection\.day\.interval\.unit'/,
  ],
  [
    "a property that there is not",
    changed({ "projection.day.timezone": "Asia/Tokyo" }),
    /there is no property 'timezone', .*; use type, values, /,
  ],
  [
    "a misspelt key",
    changed({ "projection.shrad.interval": "2" }),
    /there is no partition key 'shrad', .* rename it to 'projection\.shard\.interval'/,
  ],
  [
    "a key in capitals",
    changed({ "projection.Day.interval": "1" }),
    /there is no partition key 'Day', .* rename it to 'projection\.day\.interval'/,
  ],
  [
    "a key that there is not",
    changed({ "projection.country.type": "enum" }),
    /there is no partition key 'country', .*remove it/,
  ],
  [
    "a property without a key",
    changed({ "projection.range": "0,1" }),
    /^projection\.range: a parameter that Athena knows/,
  ],
  [
    "a misspelt template",
    changed({ "storage.location.tempalte": TEMPLATE }),
    /rename it to 'storage\.location\.template'/,
  ],
  [
    "a property of another type",
    changed({ "projection.site.range": "0,1" }),
    /^projection\.site\.range: type enum has the properties values, got "0,1"/,
  ],
  ["a property of injected", changed({ "projection.customer.values": "a" }), /type injected has the properties none/],
  [
    "an enum without values",
    changed({ "projection.site.values": undefined }),
    /^projection\.site\.values: a list .* got nothing/,
  ],
  ["an enum of nothing", changed({ "projection.site.values": "" }), /^projection\.site\.values: a list .* got ""/],
  ["an empty value", changed({ "projection.site.values": "tokyo,,osaka" }), /no value is empty, .*extra comma/],
  ["a comma at the end", changed({ "projection.site.values": "tokyo,osaka," }), /no value is empty/],
  [
    "a blank after the comma",
    changed({ "projection.site.values": "tokyo, osaka" }),
    /blanks belong to a value, got " osaka"; write 'osaka'/,
  ],
  ["a value twice", changed({ "projection.site.values": "tokyo,osaka,tokyo" }), /each value once, got "tokyo"/],
  [
    "values beyond what Glue takes",
    changed({ "projection.site.values": `${"x".repeat(512_000)},y` }),
    /at most 512000 characters, got "x{159}… \(512004 characters\)/,
  ],
  [
    "integers without a range",
    changed({ "projection.shard.range": undefined }),
    /^projection\.shard\.range: a first and a last value, got nothing/,
  ],
  [
    "a range with a hyphen",
    changed({ "projection.shard.range": "0-15" }),
    /two values with one comma between them, got "0-15"/,
  ],
  ["a range of three", changed({ "projection.shard.range": "0,5,15" }), /two values with one comma/],
  [
    "a range with a word",
    changed({ "projection.shard.range": "0,max" }),
    /a whole number of 64 bits at each end, got "max"/,
  ],
  [
    "a number beyond 64 bits",
    changed({ "projection.shard.range": "0,9223372036854775808", "projection.shard.digits": undefined }),
    /a whole number of 64 bits at each end, got "9223372036854775808"/,
  ],
  ["a range upside down", changed({ "projection.shard.range": "15,0" }), /the first number is not above the last/],
  [
    "an interval of nothing",
    changed({ "projection.shard.interval": "0" }),
    /^projection\.shard\.interval: a whole number from 1, got "0"/,
  ],
  ["half an interval", changed({ "projection.shard.interval": "0.5" }), /whole number from 1, got "0\.5"/],
  [
    "digits below nothing",
    changed({ "projection.shard.digits": "-2" }),
    /^projection\.shard\.digits: a whole number from 1/,
  ],
  [
    "too few digits",
    changed({ "projection.shard.range": "0,100" }),
    /^projection\.shard\.digits: wide enough for 100, got "2"; write 3/,
  ],
  ["digits below zero", changed({ "projection.shard.range": "-5,10" }), /^projection\.shard\.digits: no padding of -5/],
  [
    "a date without a format",
    changed({ "projection.day.format": undefined }),
    /^projection\.day\.format: a date has a format, got nothing/,
  ],
  [
    "a format with a bare T",
    changed({ "projection.day.format": "yyyy-MM-ddTHH" }),
    /T is no letter .* put text into quotes: 'T'/,
  ],
  [
    "a week's year",
    changed({ "projection.day.format": "YYYY-MM-dd" }),
    /^projection\.day\.format: Y is the year of a week/,
  ],
  ["minutes for months", changed({ "projection.day.format": "yyyy-mm-dd" }), /write MM for the month: m is the minute/],
  [
    "months without a year",
    changed({ "projection.day.format": "MM" }),
    /whole dates.* or project the key as an integer/,
  ],
  [
    "a date without a range",
    changed({ "projection.day.range": undefined }),
    /^projection\.day\.range: a first and a last value/,
  ],
  [
    "a range in another format",
    changed({ "projection.day.range": "20211201,NOW" }),
    /^projection\.day\.range: a date written as yyyy-MM-dd, got "20211201"/,
  ],
  [
    "a day that there is not",
    changed({ "projection.day.range": "2021-02-30,NOW" }),
    /a date written as .* got "2021-02-30"/,
  ],
  [
    "a blank before a date",
    changed({ "projection.day.range": "2021-12-01, 2022-01-01" }),
    /got " 2022-01-01"; remove the blanks/,
  ],
  ["now in small letters", changed({ "projection.day.range": "2021-12-01,now" }), /NOW, or NOW with one .* got "now"/],
  [
    "an abbreviated unit",
    changed({ "projection.day.range": "2021-12-01,NOW+9H" }),
    /got "NOW\+9H"; write it as in NOW\+9HOURS/,
  ],
  ["two steps from now", changed({ "projection.day.range": "NOW-1YEARS-1DAYS,NOW" }), /got "NOW-1YEARS-1DAYS"/],
  ["half an hour from now", changed({ "projection.day.range": "NOW-1DAY,NOW+5.5HOURS" }), /got "NOW\+5\.5HOURS"/],
  ["milliseconds from now", changed({ "projection.day.range": "2021-12-01,NOW+1MILLISECONDS" }), /NOW with one/],
  [
    "dates upside down",
    changed({ "projection.day.range": "2022-01-01,2021-12-01" }),
    /the first date is not after the last/,
  ],
  [
    "relative dates upside down",
    changed({ "projection.day.range": "NOW,NOW-1DAYS" }),
    /the first date is not after the last/,
  ],
  [
    "a date that has passed as the end of a range from now",
    changed({ "projection.day.range": "NOW,2020-01-01" }),
    /the first date is not after the last/,
  ],
  [
    "hours without an interval",
    changed({ "projection.hour.interval": undefined }),
    /^projection\.hour\.interval: needed for the format yyyy\/MM\/dd\/HH/,
  ],
  [
    "hours without a unit",
    changed({ "projection.hour.interval.unit": undefined }),
    /^projection\.hour\.interval\.unit: needed .* got nothing; add it: HOURS/,
  ],
  [
    "an unknown unit",
    changed({ "projection.hour.interval.unit": "HOUR" }),
    /^projection\.hour\.interval\.unit: a unit: YEARS, .* got "HOUR"/,
  ],
  [
    "an interval that is no number",
    changed({ "projection.hour.interval": "one" }),
    /^projection\.hour\.interval: a whole number/,
  ],
  [
    "a template without a key",
    changed(template("site=${site}/", "")),
    /a placeholder for every partition key, and 'site' has none/,
  ],
  [
    "a template with an unknown key",
    changed(template("site=${site}/", "site=${site}/${town}/")),
    /there is no partition key 'town'/,
  ],
  ["a template without a slash", changed(template("${customer}/", "${customer}")), /a slash at its end/],
  ["a template with two slashes", changed(template("/site=", "//site=")), /single slashes/],
  ["two values in one folder", changed(template("/site=${site}", "-${site}")), /a slash after \$\{shard\}/],
  [
    "a template elsewhere",
    changed(template("events", "others")),
    /below the table's location 's3:\/\/lake\/events\/output\/'/,
  ],
  ["a template beside the table", changed(template("output", "output2")), /below the table's location/],
];
