import type { Node, SourceFile } from 'typescript/unstable/ast';
import {
  isCallExpression,
  isIdentifier,
  isNewExpression,
  isParameterDeclaration,
  isPropertyAccessExpression,
  isSpreadElement,
} from 'typescript/unstable/ast/is';
import {
  API,
  type Checker,
  ElementFlags,
  SignatureKind,
  type TupleType,
  type Type,
  type TypeReference,
} from 'typescript/unstable/sync';
import { describe, expect, it } from 'vitest';
import { openSources, placeOf, walk } from './sourceTree.ts';

/** Whether the name is the rest parameter of an enclosing function. */
const isOwnArguments = (at: Node, name: string): boolean => {
  for (let node = at.parent as Node | undefined; node !== undefined; node = node.parent) {
    for (const parameter of (node as { parameters?: readonly Node[] }).parameters ?? []) {
      if (isParameterDeclaration(parameter) && parameter.name.getText() === name) {
        return parameter.dotDotDotToken !== undefined;
      }
    }
  }
  return false;
};

const isTuple = (type: Type, checker: Checker): boolean => {
  if (!checker.isTupleType(type)) return false;
  const { elementFlags } = (type as TypeReference).getTarget() as TupleType;
  return elementFlags.every((flags) => (flags & (ElementFlags.Rest | ElementFlags.Variadic)) === 0);
};

/** A tuple has a known length, and a function's own arguments fit, because it was called with them. */
const isBounded = (list: Node, checker: Checker): boolean => {
  const type = checker.getTypeAtLocation(list);
  if (type !== undefined && isTuple(type, checker)) return true;
  return isIdentifier(list) && isOwnArguments(list, list.text);
};

/** `call.apply` of a function; blocks of a network have a method of that name. */
const isApply = (called: Node, checker: Checker): boolean => {
  if (!isPropertyAccessExpression(called) || called.name.text !== 'apply') return false;
  const owner = checker.getTypeAtLocation(called.expression);
  return owner === undefined || checker.getSignaturesOfType(owner, SignatureKind.Call).length > 0;
};

/**
 * Lists of unknown length among the arguments of a call. Each argument takes a slot on the stack, which has some
 * 120,000: with more the call throws a RangeError.
 */
const unboundedIn = (file: SourceFile, checker: Checker): Node[] => {
  const found: Node[] = [];
  walk(file, (node) => {
    if (!isCallExpression(node) && !isNewExpression(node)) return;
    const given = node.arguments ?? [];
    const lists: Node[] = given.flatMap((argument) =>
      isSpreadElement(argument) ? [argument.expression] : [],
    );
    if (isApply(node.expression, checker) && given.length > 1) lists.push(given[given.length - 1]);
    for (const list of lists) if (!isBounded(list, checker)) found.push(list);
  });
  return found;
};

const EXAMPLE = `
  declare const list: number[], pair: readonly [number, number], open: [number, ...number[]];
  declare const at: () => [1, 2];
  const forwarded = (...own: number[]) => Math.max(...own);
  Math.max(...list); Math.max(...list.map(Number)); Math.max(...open); Math.max.apply(null, list); new Date(...list);
  Math.max(...pair); Math.max(...at(), ...list); Math.max.apply(null, [1, 2] as const); [...list];
`;

describe('calls', () => {
  it('with lists of unknown length are found', () => {
    const api = new API({
      fs: {
        readFile: (path) =>
          path === '/p/tsconfig.json'
            ? '{"compilerOptions": {"strict": true, "noEmit": true}, "files": ["example.ts"]}'
            : path === '/p/example.ts'
              ? EXAMPLE
              : undefined,
        fileExists: (path) => path === '/p/tsconfig.json' || path === '/p/example.ts' || undefined,
      },
    });
    const [{ program, checker }] = api.updateSnapshot({ openProjects: ['/p/tsconfig.json'] }).getProjects();
    const found = unboundedIn(program.getSourceFile('/p/example.ts') as SourceFile, checker);
    expect(found.map((node) => node.getText())).toEqual([
      'list',
      'list.map(Number)',
      'open',
      'list',
      'list',
      'list',
    ]);
    api.close();
  });

  it('take no list of unknown length', () => {
    const { sources, close } = openSources();
    const found = sources.flatMap((source) =>
      unboundedIn(source.file, source.checker).map((node) => `${placeOf(source, node)} ...${node.getText()}`),
    );
    close();
    expect(found).toEqual([]);
  });
});
