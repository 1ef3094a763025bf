import { column } from "../../contract/columns";
import { program } from "../../contract/compute";
import { csv } from "../../contract/csv";
import { defineDataset } from "../../contract/dataset";
import { folder } from "../../contract/inputs";
import { dateKey } from "../../contract/keys";
import { registered } from "../../contract/registration";
import { features } from "../features/dataset";

/** 気象観測の月ごとの集計。1回の実行で、元データにある全ての年のパーティションを書く。 */
export const monthlyWeather = defineDataset({
  name: "monthly_weather",
  description: "weather of each place by month, one partition for each year",
  prefix: "monthly-weather",
  partitionKeys: [dateKey("year", { timeZone: "Asia/Tokyo", format: "yyyy", comment: "観測の年。" })],
  columns: [
    column("location", "string", "観測地。"),
    column("month", "int", "月。1から12。"),
    column("days", "int", "観測した日数。"),
    column("precipitation", "double", "降水量の合計（mm）。"),
    column("temp_max", "double", "最高気温の最大（℃）。"),
    column("temp_min", "double", "最低気温の最小（℃）。"),
    column("usual", "string", "最も多かった天気。"),
  ],
  format: csv({ delimiter: "," }),
  exampleDay: "2012-01-01",
  // 実行日とは別の年を書くので、登録のときは表全体を見る。
  registration: registered({ looksAt: "table" }),
  steps: [
    {
      name: "monthly_step",
      script: "monthly.py",
      // イメージのプログラムを、好きな引数で直接動かす。
      processor: program({ entrypoint: ["python3", "-X", "utf8", "/opt/ml/processing/input/code/monthly.py"] }),
      inputs: { weather: folder(`${features.prefix}/raw`) },
      outputs: { months: "table" },
    },
  ],
});
