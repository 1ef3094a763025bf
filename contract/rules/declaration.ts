import type { Dataset } from "../dataset";
import { datasetProblems } from "./dataset";
import { shapeProblems } from "./shape";

/** Declarations with nothing wrong: one that comes to several places is judged once. */
const sound = new WeakSet<object>();

/** What is wrong with a declaration, whether or not a compiler saw it; empty when nothing is. */
export function declarationProblems(declaration: Dataset): readonly string[] {
  if (sound.has(declaration)) return [];
  const shape = shapeProblems(declaration);
  const problems = shape.length > 0 ? shape : datasetProblems(declaration);
  if (problems.length === 0) sound.add(declaration);
  return problems;
}
