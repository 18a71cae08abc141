import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Node, SourceFile } from 'typescript/unstable/ast';
import { API, type Checker } from 'typescript/unstable/sync';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** Code that users run; tests and scripts have no hostile input. */
const OURS = /^(?:src|extension|webview)\//;

export interface Source {
  /** From the root of the repository, with forward slashes. */
  readonly path: string;
  readonly file: SourceFile;
  readonly checker: Checker;
}

/** The sources of the program as TypeScript sees them, with types. Call `close` when done. */
export const openSources = (): { readonly sources: readonly Source[]; close(): void } => {
  const api = new API({ cwd: ROOT });
  const projects = ['tsconfig.json', 'webview/tsconfig.json'].map((name) => `${ROOT}${name}`);
  const found = new Map<string, Source>();
  for (const { rootFiles, program, checker } of api
    .updateSnapshot({ openProjects: projects })
    .getProjects()) {
    for (const name of rootFiles) {
      const path = relative(ROOT, name).replaceAll('\\', '/');
      const file = OURS.test(path) ? program.getSourceFile(name) : undefined;
      if (file !== undefined && !found.has(path)) found.set(path, { path, file, checker });
    }
  }
  return { sources: [...found.values()], close: () => api.close() };
};

/** Calls `visit` for this node and all its descendants. */
export const walk = (node: Node, visit: (node: Node) => void): void => {
  visit(node);
  node.forEachChild((child) => {
    walk(child, visit);
    return undefined;
  });
};

/** `src/a.ts:12`. */
export const placeOf = ({ path, file }: Source, node: Node): string => {
  const line = file.text.slice(0, node.getStart()).split('\n').length;
  return `${path}:${line}`;
};
