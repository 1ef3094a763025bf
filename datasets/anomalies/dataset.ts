import { column } from "../../contract/columns";
import { sklearn } from "../../contract/compute";
import { csv } from "../../contract/csv";
import { defineDataset } from "../../contract/dataset";
import { folder } from "../../contract/inputs";
import { dateKey } from "../../contract/keys";
import { features } from "../features/dataset";

/** 気象観測のうち、他の日と大きく違う日。特徴量と同じ元データを、SageMakerのscikit-learnで調べる。 */
export const anomalies = defineDataset({
  name: "anomalies",
  description: "days whose weather is unlike the others, found by an isolation forest",
  prefix: "anomalies",
  partitionKeys: [dateKey("process_date_jst", { timeZone: "Asia/Tokyo", comment: "日本時間の処理日。" })],
  columns: [
    column("location", "string", "観測地。"),
    column("observed_on", "date", "観測日。"),
    column("precipitation", "double", "降水量（mm）。"),
    column("temp_max", "double", "最高気温（℃）。"),
    column("temp_min", "double", "最低気温（℃）。"),
    column("wind", "double", "風速。"),
    column("score", "double", "異常度。小さいほど珍しい。"),
  ],
  format: csv({ delimiter: "," }),
  steps: [
    {
      name: "detect_step",
      script: "detect.py",
      processor: sklearn({ version: "1.4-2" }),
      inputs: { weather: folder(`${features.prefix}/raw`) },
      outputs: { anomalies: "table" },
    },
  ],
});
