import { column } from "../../contract/columns";
import { pySpark } from "../../contract/compute";
import { csv } from "../../contract/csv";
import { defineDataset } from "../../contract/dataset";
import { raw } from "../../contract/inputs";
import { dateKey } from "../../contract/keys";
import { registered } from "../../contract/registration";

/** 元データの日時には時差がない。書かれている年月日をそのまま使うので、時間帯は名目だけのもの。 */
const timeZone = "America/New_York";

/** 米国国内線の遅延。1回の実行で元データにある全ての日のパーティションを書く。 */
export const flights = defineDataset({
  name: "flights",
  description: "delays of domestic flights in the USA, one partition for each day",
  prefix: "flights",
  partitionKeys: [
    dateKey("year", { timeZone, format: "yyyy", comment: "年。4桁。" }),
    dateKey("month", { timeZone, format: "MM", comment: "月。2桁、ゼロ埋め。" }),
    dateKey("day", { timeZone, format: "dd", comment: "日。2桁、ゼロ埋め。" }),
  ],
  columns: [
    column("flown_at", "timestamp", "便の日時。空港の現地時間。"),
    column("delay", "int", "遅れ（分）。早ければ負。計れていないものはNULL。"),
    column("distance", "int", "距離（マイル）。"),
    column("origin", "string", "出発空港のIATAコード。"),
    column("destination", "string", "到着空港のIATAコード。"),
  ],
  format: csv({ delimiter: "," }),
  // 元データは2001年のもの。見本のクエリが、ある日を指すように。
  exampleDay: "2001-01-31",
  // 実行日とは別の日を書くので、登録のときは表全体を見る。
  registration: registered({ looksAt: "table" }),
  steps: [
    {
      name: "partition_step",
      script: "partition.py",
      processor: pySpark({ version: "3.5", instanceType: "ml.m5.xlarge", instanceCount: 2 }),
      inputs: { raw },
      outputs: { flights: "table" },
    },
  ],
});
