import {
  isAssignmentOperator,
  isBinaryExpression,
  isCallExpression,
  isElementAccessExpression,
  isHeritageClause,
  isIdentifier,
  isImportDeclaration,
  isImportSpecifier,
  isInterfaceDeclaration,
  isNamespaceImport,
  isNewExpression,
  isObjectLiteralExpression,
  isPropertyAccessExpression,
  isStringLiteral,
  type Node,
  SyntaxKind,
} from 'typescript/unstable/ast';
import {
  API,
  type Symbol as ApiSymbol,
  type Checker,
  type Project,
  SymbolFlags,
} from 'typescript/unstable/sync';

/**
 * Finds code that passes text to VS Code directly instead of through `extension/shown`. Everything in the API counts
 * as showing text unless it is listed here: new members must be reviewed once.
 */

/** Members of `window` that show no text of ours. */
const WINDOW = new Set([
  'activeTextEditor',
  'createTreeView',
  'registerCustomEditorProvider',
  'registerWebviewPanelSerializer',
  'registerWebviewViewProvider',
  'showTextDocument',
]);

/** Classes without text to show or, like tasks, with text that the user has to confirm first. */
const CLASSES = new Set([
  'CancellationTokenSource',
  'Disposable',
  'EventEmitter',
  'Range',
  'RelativePattern',
  'ShellExecution',
  'Task',
  'ThemeColor',
  'ThemeIcon',
]);

/** Properties of the API's objects that may be set. */
const PROPERTIES = new Set(['command', 'html', 'iconPath', 'options', 'presentationOptions']);

/** Properties of the API's objects that are text to show, in literals. */
const TEXTS = new Set([
  'accessibilityInformation',
  'description',
  'detail',
  'documentation',
  'label',
  'message',
  'openLabel',
  'placeHolder',
  'prompt',
  'saveLabel',
  'tooltip',
  'value',
]);

/** The declarations of the API are in a separate package. */
const isOfApi = (symbol: ApiSymbol | undefined): boolean =>
  symbol?.declarations.some(({ path }) => path.includes('/@types/vscode/')) ?? false;

/** A use of the API at a node, in words; null if there is none or it shows nothing. */
type Look = (node: Node, checker: Checker) => string | null;

/** The symbol that a name refers to, including imported ones. */
const symbolOf = (checker: Checker, node: Node): ApiSymbol | undefined => {
  const symbol = checker.getSymbolAtLocation(node);
  return symbol && (symbol.flags & SymbolFlags.Alias) !== 0 ? checker.getAliasedSymbol(symbol) : symbol;
};

/** Only listed members of `window` may be used: it must not be renamed, destructured or passed on. */
const windowUse: Look = (node, checker) => {
  if (!isIdentifier(node) || isImportSpecifier(node.parent)) return null;
  const symbol = symbolOf(checker, node);
  if (symbol?.name !== 'window' || !isOfApi(symbol)) return null;
  const use = node.parent;
  if (!isPropertyAccessExpression(use) || use.expression !== node) return 'window handed on';
  return WINDOW.has(use.name.text) ? null : `window.${use.name.text}`;
};

const isVscode = (from: Node | undefined): boolean =>
  from !== undefined && isStringLiteral(from) && from.text === 'vscode';

/** The whole API under one name, or loaded dynamically, would hide which parts are used. */
const wholeApi: Look = (node) => {
  if (isImportDeclaration(node) && isVscode(node.moduleSpecifier)) {
    const bindings = node.importClause?.namedBindings;
    return bindings !== undefined && isNamespaceImport(bindings) ? 'import * as' : null;
  }
  if (!isCallExpression(node) || !isVscode(node.arguments[0])) return null;
  const { expression } = node;
  const loads =
    expression.kind === SyntaxKind.ImportKeyword ||
    (isIdentifier(expression) && expression.text === 'require');
  return loads ? 'vscode loaded' : null;
};

/** The class that a node instantiates or extends. */
const classIn = (node: Node): Node | undefined => {
  if (isNewExpression(node)) return node.expression;
  const extended = isHeritageClause(node) && node.token === SyntaxKind.ExtendsKeyword;
  return extended && !isInterfaceDeclaration(node.parent) ? node.types[0].expression : undefined;
};

const classUse: Look = (node, checker) => {
  const name = classIn(node);
  const symbol = name && symbolOf(checker, name);
  return symbol !== undefined && isOfApi(symbol) && !CLASSES.has(symbol.name) ? `new ${symbol.name}` : null;
};

const assignment: Look = (node, checker) => {
  if (!isBinaryExpression(node) || !isAssignmentOperator(node.operatorToken.kind)) return null;
  const { left } = node;
  const name = isPropertyAccessExpression(left)
    ? left.name
    : isElementAccessExpression(left)
      ? left.argumentExpression
      : undefined;
  const symbol = name && checker.getSymbolAtLocation(name);
  return symbol !== undefined && isOfApi(symbol) && !PROPERTIES.has(symbol.name) ? `.${symbol.name} =` : null;
};

const literal: Look = (node, checker) => {
  if (!isObjectLiteralExpression(node)) return null;
  const texts = node.properties.flatMap((property) =>
    'name' in property && property.name && isIdentifier(property.name) ? [property.name.text] : [],
  );
  const shown = texts.filter((text) => TEXTS.has(text));
  const type = shown.length === 0 ? undefined : checker.getContextualType(node);
  const types = type?.isUnionType() ? type.getTypes() : type === undefined ? [] : [type];
  const found = shown.find((text) => types.some((one) => isOfApi(checker.getPropertyOfType(one, text))));
  return found === undefined ? null : `{ ${found}: }`;
};

/** Methods of the API's objects that take text: Markdown that is appended to, and lines of output. */
const METHODS = new Set(['append', 'appendCodeblock', 'appendLine', 'appendMarkdown', 'appendText']);

const methodCall: Look = (node, checker) => {
  if (!isCallExpression(node) || !isPropertyAccessExpression(node.expression)) return null;
  const { name } = node.expression;
  return METHODS.has(name.text) && isOfApi(checker.getSymbolAtLocation(name)) ? `.${name.text}()` : null;
};

const LOOKS: readonly Look[] = [windowUse, wholeApi, classUse, assignment, literal, methodCall];

/** `path:line use`, for each use in a file of a project. */
export const directUses = ({ program, checker }: Project, file: string): string[] => {
  const source = program.getSourceFile(file);
  if (source === undefined) throw new Error(`${file} is not in the project`);
  const found: string[] = [];
  const visit = (node: Node): void => {
    for (const look of LOOKS) {
      const use = look(node, checker);
      if (use === null) continue;
      const { line } = source.getLineAndCharacterOfPosition(node.getStart(source));
      found.push(`${file}:${line + 1} ${use}`);
    }
    node.forEachChild(visit);
  };
  visit(source);
  return found;
};

const OPTIONS = {
  target: 'ES2022',
  module: 'ESNext',
  moduleResolution: 'Bundler',
  types: ['node'],
  strict: true,
  allowImportingTsExtensions: true,
  noEmit: true,
  skipLibCheck: true,
};

/** A project in `root` of files on the disk, and of texts that replace files; `close` ends its compiler. */
export const openProject = (
  root: string,
  files: readonly string[],
  texts: Readonly<Record<string, string>>,
): { readonly project: Project; close(): void } => {
  const config = `${root}tsconfig.border.json`;
  const all = [...files, ...Object.keys(texts)];
  const virtual: Record<string, string> = {
    ...texts,
    [config]: JSON.stringify({ compilerOptions: OPTIONS, files: all }),
  };
  const readFile = (file: string): string | undefined => virtual[file];
  const fileExists = (file: string): boolean | undefined => (file in virtual ? true : undefined);
  const api = new API({ cwd: root, fs: { readFile, fileExists } });
  const project = api.updateSnapshot({ openProjects: [config] }).getProject(config);
  if (project === undefined) throw new Error('the project cannot be opened');
  return { project, close: () => api.close() };
};
