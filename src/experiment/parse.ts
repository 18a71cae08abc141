import { readFile } from 'node:fs/promises';
import type { z } from 'zod';
import { readFault } from '../disk/index.ts';
import { inputFault } from '../protocol/index.ts';
import { type DataSpec, dataSchema } from './dataSchema.ts';
import { type InspectionSpec, inspectionProblems, inspectionSchema } from './inspectionSchema.ts';
import { jsonSchemaOf } from './jsonSchema.ts';
import { type JsonNode, JsonSyntaxError, type PlaceOf, parseJsonText, placesIn } from './jsonText.ts';
import { offsetOf } from './place.ts';
import { type Problem, pointer } from './problem.ts';
import { ruleProblems } from './rules.ts';
import { type Experiment, experimentSchema } from './schema.ts';
import { schemaProblems } from './schemaProblems.ts';
import { withValidation } from './validation.ts';

/** A problem with its place in the text. */
export interface LocatedProblem {
  readonly offset: number;
  /** Both from 1. */
  readonly line: number;
  readonly column: number;
  /** JSON pointer; empty for the whole file and for a syntax error. */
  readonly pointer: string;
  /** What found it: the JSON grammar, the schema, or a rule across fields, which no JSON schema can state. */
  readonly source: 'syntax' | 'schema' | 'rule';
  readonly what: string;
  readonly remedy: string;
}

/** At least one problem. */
type Problems = readonly [LocatedProblem, ...LocatedProblem[]];

/** An experiment, or what is wrong with its text: the first thousand problems. */
export type Checked =
  | { readonly experiment: Experiment; readonly problems: readonly [] }
  | { readonly experiment: null; readonly problems: Problems };

type CheckedInspection =
  | { readonly inspection: InspectionSpec; readonly problems: readonly [] }
  | { readonly inspection: null; readonly problems: Problems };

/** Checks the text of an experiment file: its syntax, then its schema, then the rules across fields. Never throws. */
export function checkExperiment(text: string): Checked {
  const { value, problems } = check(text, experimentSchema, ruleProblems);
  return problems === null
    ? { experiment: withValidation(value), problems: [] }
    : { experiment: null, problems };
}

/** The same for the text of an inspection file. */
export function checkInspection(text: string): CheckedInspection {
  const { value, problems } = check(text, inspectionSchema, inspectionProblems);
  return problems === null ? { inspection: value, problems: [] } : { inspection: null, problems };
}

/** More are not read, and not shown by editors. */
const MOST_PROBLEMS = 1000;

type Outcome<T> =
  | { readonly value: T; readonly problems: null }
  | { readonly value: null; readonly problems: Problems };

function check<T>(text: string, schema: z.ZodType<T>, rules: (value: T) => Problem[]): Outcome<T> {
  let root: JsonNode;
  try {
    root = parseJsonText(text);
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    const { message, offset, remedy } = error;
    const place = { offset, ...placesIn(text)(offset), pointer: '', source: 'syntax' as const };
    return { value: null, problems: [{ ...place, what: message, remedy }] };
  }
  const parsed = schema.safeParse(root.value);
  const problems = parsed.success
    ? rules(parsed.data)
    : schemaProblems(parsed.error.issues, root.value, jsonSchemaOf(schema));
  const source = parsed.success ? 'rule' : 'schema';
  const placeOf = placesIn(text);
  const [first, ...rest] = problems
    .slice(0, MOST_PROBLEMS)
    .map((problem) => locate(problem, root, placeOf, source));
  if (first !== undefined) return { value: null, problems: [first, ...rest] };
  return { value: parsed.data!, problems: null };
}

/** The fault of a first problem: `NAME:LINE:COLUMN /json/path: what. What to do.` */
function faultOf([{ line, column, pointer, what, remedy }]: Problems, name: string): Error {
  return inputFault(what, `${name}:${line}:${column}${pointer && ` ${pointer}`}`, remedy);
}

/**
 * The experiment that a text describes, with defaults filled in. `name` is the file's name in messages. Throws an
 * input fault for the first problem: `NAME:LINE:COLUMN /json/path: what. What to do.`
 */
export function parseExperiment(text: string, name: string): Experiment {
  const { experiment, problems } = checkExperiment(text);
  if (experiment !== null) return experiment;
  throw faultOf(problems, name);
}

/** The data that a text describes, like `/data` in an experiment file; the same faults. */
export function parseDataSpec(text: string, name: string): DataSpec {
  const { value, problems } = check(text, dataSchema, () => []);
  if (problems === null) return value;
  throw faultOf(problems, name);
}

/** Reads and parses an experiment file. Throws an input fault when it cannot be read or is not an experiment. */
export async function loadExperiment(path: string): Promise<Experiment> {
  return parseExperiment(await textOf(path, 'an experiment file (*.experiment.json)'), path);
}

/** The same for an inspection file. */
export async function loadInspection(path: string): Promise<InspectionSpec> {
  const text = await textOf(path, 'an inspection file (*.inspection.json)');
  const { inspection, problems } = checkInspection(text);
  if (inspection !== null) return inspection;
  throw faultOf(problems, path);
}

const textOf = (path: string, what: string): Promise<string> =>
  readFile(path, 'utf8').catch((error: unknown) => {
    const remedy = `Give the path of ${what}`;
    throw readFault(path, error, { missing: { what: 'there is no such file', remedy }, remedy });
  });

function locate(
  problem: Problem,
  root: JsonNode,
  placeOf: PlaceOf,
  source: LocatedProblem['source'],
): LocatedProblem {
  const { path, atKey, what, remedy } = problem;
  const offset = offsetOf(root, path, atKey);
  return { offset, ...placeOf(offset), pointer: pointer(path), source, what, remedy };
}
