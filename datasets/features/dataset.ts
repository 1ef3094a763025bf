import { csv } from "../../contract/csv";
import { column } from "../../contract/columns";
import { defineDataset } from "../../contract/dataset";
import { outputOf, raw } from "../../contract/inputs";
import { dateKey } from "../../contract/keys";
import { athena, redshiftSpectrum } from "../../contract/registration";
import { dailyAt } from "../../contract/schedule";

/** 気象観測から天気を予測するための特徴量。日付は日本時間(JST)の処理日。 */
export const features = defineDataset({
  name: "features",
  description: "partitioned_table_sample",
  prefix: "features",
  partitionKeys: [dateKey("process_date_jst", { timeZone: "Asia/Tokyo" })],
  columns: [
    column("feature1", "string", "feature1の説明。"),
    column("feature2", "string", "feature2の説明。"),
    column("y", "string", "目的変数。"),
  ],
  format: csv({ delimiter: "," }),
  // 02:30に前日分を作り、04:00までにパーティションが無ければ知らせる。
  schedule: dailyAt("02:30", "Asia/Tokyo", { dayOffset: -1, dueBy: "04:00" }),
  readers: [athena(), redshiftSpectrum()],
  steps: [
    { name: "extract_step", script: "extract.py", inputs: { raw }, outputs: { extract: "execution" } },
    {
      name: "transform_step",
      script: "transform.py",
      inputs: { extract: outputOf("extract_step", "extract") },
      outputs: { transform: "table" },
    },
  ],
});
