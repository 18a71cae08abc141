import type { z } from 'zod';
import { shortened, shown } from '../protocol/index.ts';
import { expectation, type JsonSchema, kindsOf, schemaAt } from './jsonSchema.ts';
import { type Problem, suggest } from './problem.ts';

type Issue = z.core.$ZodIssue;

/** What zod found wrong with a file, in terms of the schema. Unknown keys come first: they explain the rest. */
export function schemaProblems(issues: readonly Issue[], file: unknown, schema: JsonSchema): Problem[] {
  const problems = issues.flatMap((issue) => issueProblems(issue, file, schema));
  return [...problems.filter(({ atKey }) => atKey), ...problems.filter(({ atKey }) => !atKey)];
}

function issueProblems(issue: Issue, file: unknown, schema: JsonSchema): Problem[] {
  const { path } = issue;
  if (issue.code === 'unrecognized_keys') {
    const known = Object.keys(schemaAt(schema, file, path)?.properties ?? {});
    return issue.keys.map((key) => ({
      path: [...path, key],
      atKey: true,
      what: `unknown key ${shown(key)}`,
      remedy: suggest(key, known, 'known keys'),
    }));
  }
  if (issue.code === 'invalid_union') {
    const inner = deepestBranch(issue.errors);
    if (inner !== undefined) {
      return issueProblems({ ...inner, path: [...path, ...inner.path] } as Issue, file, schema);
    }
  }
  return [valueProblem(issue, file, schema)];
}

/** The issue of the union's alternative that matched deepest into the value: that alternative was meant. */
function deepestBranch(branches: readonly (readonly Issue[])[]): Issue | undefined {
  const first = branches.flatMap((issues) => issues.slice(0, 1));
  const deepest = first.sort((a, b) => b.path.length - a.path.length)[0];
  return deepest === undefined || deepest.path.length === 0 ? undefined : deepest;
}

function valueProblem(issue: Issue, file: unknown, schema: JsonSchema): Problem {
  const { path } = issue;
  const value = path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown>)?.[key], file);
  const name = nameOf(path);
  const parent = schemaAt(schema, file, path.slice(0, -1));
  // Under an unknown kind there is only the union; its kinds are expected.
  const kinds = name === 'kind' && parent !== undefined ? kindsOf(parent) : [];
  const expected = kinds.length > 0 ? expectation({ enum: kinds }) : expectedAt(issue, file, schema);
  if (value === undefined) {
    return { path, what: `"${name}" is missing`, remedy: `Add "${name}": ${expected}` };
  }
  const near =
    typeof value === 'string' && kinds.length > 0 ? suggest(value, kinds.map(String), 'kinds') : '';
  return { path, what: `${name} is ${described(value)}`, remedy: near || `Give ${expected}` };
}

function expectedAt(issue: Issue, file: unknown, schema: JsonSchema): string {
  if (issue.code === 'invalid_format') return `a string: ${issue.message}`;
  const found = schemaAt(schema, file, issue.path);
  return found === undefined ? 'another value' : expectation(found);
}

/** `sigma`, or `sigma[1]` for a member of a list. */
function nameOf(path: readonly PropertyKey[]): string {
  const [before, last] = [path.at(-2), path.at(-1)];
  if (last === undefined) return 'the file';
  return typeof last === 'number' ? `${String(before)}[${last}]` : String(last);
}

/** A value as written in the file, cut to a readable length. */
function described(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : `a list of ${value.length}`;
  if (typeof value === 'object' && value !== null) return 'an object';
  return shortened(JSON.stringify(typeof value === 'string' ? shortened(value, 60) : value), 60);
}
