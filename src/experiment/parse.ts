import { readFile } from 'node:fs/promises';
import { inputFault } from '../protocol/index.ts';
import { experimentJsonSchema } from './jsonSchema.ts';
import { type JsonNode, JsonSyntaxError, lineAndColumn, parseJsonText } from './jsonText.ts';
import { type Problem, pointer } from './problem.ts';
import { ruleProblems } from './rules.ts';
import { type Experiment, experimentSchema } from './schema.ts';
import { schemaProblems } from './schemaProblems.ts';

/** A problem with its place in the text. */
export interface LocatedProblem {
  readonly offset: number;
  /** Both from 1. */
  readonly line: number;
  readonly column: number;
  /** JSON pointer; empty for the whole file and for a syntax error. */
  readonly pointer: string;
  readonly what: string;
  readonly remedy: string;
}

/** An experiment, or everything that is wrong with its text. */
export type Checked =
  | { readonly experiment: Experiment; readonly problems: readonly [] }
  | { readonly experiment: null; readonly problems: readonly [LocatedProblem, ...LocatedProblem[]] };

/** Checks the text of an experiment file: its syntax, then its schema, then the rules across fields. Never throws. */
export function checkExperiment(text: string): Checked {
  let root: JsonNode;
  try {
    root = parseJsonText(text);
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    const { message, offset, remedy } = error;
    const place = { offset, ...lineAndColumn(text, offset), pointer: '' };
    return { experiment: null, problems: [{ ...place, what: message, remedy }] };
  }
  const parsed = experimentSchema.safeParse(root.value);
  const problems = parsed.success
    ? ruleProblems(parsed.data)
    : schemaProblems(parsed.error.issues, root.value, experimentJsonSchema());
  const [first, ...rest] = problems.map((problem) => locate(problem, root, text));
  if (first !== undefined) return { experiment: null, problems: [first, ...rest] };
  return { experiment: parsed.data!, problems: [] };
}

/**
 * The experiment that a text describes, defaults filled in. `name` is the file's name in messages. Throws an input
 * fault for the first problem: `NAME:LINE:COLUMN /json/path: what. What to do.`
 */
export function parseExperiment(text: string, name: string): Experiment {
  const { experiment, problems } = checkExperiment(text);
  if (experiment !== null) return experiment;
  const { line, column, pointer, what, remedy } = problems[0];
  throw inputFault(what, `${name}:${line}:${column}${pointer && ` ${pointer}`}`, remedy);
}

/** Reads and parses an experiment file. Throws an input fault when it cannot be read or is not an experiment. */
export async function loadExperiment(path: string): Promise<Experiment> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    const what = code === 'ENOENT' ? 'there is no such file' : `the file cannot be read (${code})`;
    throw inputFault(what, path, 'Give the path of an experiment file (*.experiment.json)', error);
  }
  return parseExperiment(text, path);
}

/** The offset of a problem: of its value, of its key, or of the nearest enclosing value that the text has. */
function locate({ path, atKey, what, remedy }: Problem, root: JsonNode, text: string): LocatedProblem {
  let node = root;
  let offset = root.offset;
  for (const [depth, key] of path.entries()) {
    const member = node.members.get(typeof key === 'symbol' ? String(key) : key);
    if (member === undefined) break;
    node = member;
    offset = atKey && depth === path.length - 1 ? member.keyOffset : member.offset;
  }
  return { offset, ...lineAndColumn(text, offset), pointer: pointer(path), what, remedy };
}
