import { defineDatasets } from "../contract/rules/datasets";
import { anomalies } from "./anomalies/dataset";
import { features } from "./features/dataset";
import { flights } from "./flights/dataset";
import { monthlyWeather } from "./monthly_weather/dataset";

/** Every dataset of the program; each is a folder beside this file. */
export const datasets = defineDatasets([features, flights, anomalies, monthlyWeather]);
