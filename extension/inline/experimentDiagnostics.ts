import { isAbsolute } from 'node:path';
import {
  type Diagnostic,
  DiagnosticSeverity,
  type Disposable,
  languages,
  Range,
  type TextDocument,
  Uri,
  workspace,
} from 'vscode';
import type { LocatedProblem } from '../../src/experiment/index.ts';
import { EXPERIMENT_LIMIT, type Fault } from '../../src/protocol/messages.ts';
import { errorAt } from '../shown/diagnostic.ts';
import { experimentPlace, type ProblemAt, shownProblems, underlined } from './experimentProblems.ts';

const SOURCE = 'Pentimento';
const DEBOUNCE_MS = 250;

/** What is known about one document and the text that it had then. */
interface Findings {
  readonly text: string;
  readonly problems: readonly LocatedProblem[];
  /** Whether a command requested every problem, not only those that the JSON support cannot find. */
  readonly all: boolean;
  /** Faults of a run that name a place in this document. */
  readonly faults: readonly ProblemAt[];
}

/** The schema and its library are large: they are loaded when the first experiment is opened. */
const loadExperiments = () => import('../../src/experiment/index.ts');

const isInspection = ({ path }: Uri): boolean => path.endsWith('.inspection.json');

const isChecked = ({ uri }: TextDocument): boolean =>
  (uri.path.endsWith('.experiment.json') || isInspection(uri)) &&
  workspace.fs.isWritableFileSystem(uri.scheme) !== false;

const sameDocument =
  (uri: Uri) =>
  (document: TextDocument): boolean =>
    document.uri.toString() === uri.toString();

/** Diagnostics of experiment and inspection files: the rules across fields while typing, and the faults of runs. */
export class ExperimentDiagnostics implements Disposable {
  private readonly collection = languages.createDiagnosticCollection('pentimento.experiment');
  private readonly findings = new Map<string, Findings>();
  private readonly timers = new Map<string, NodeJS.Timeout>();
  private readonly disposables: Disposable[];

  constructor() {
    this.disposables = [
      this.collection,
      workspace.onDidOpenTextDocument((document) => this.open(document)),
      workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length > 0) this.change(document);
      }),
      workspace.onDidCloseTextDocument((document) => this.close(document)),
      workspace.onDidDeleteFiles(({ files }) => files.forEach((file) => void this.remove(file))),
      languages.onDidChangeDiagnostics(({ uris }) => this.republish(uris)),
    ];
    for (const document of workspace.textDocuments) this.open(document);
  }

  /** Reports every problem of the current document, including those that its JSON schema covers. */
  check(document: TextDocument): void {
    void this.inspect(document, true);
  }

  /**
   * Reports a fault whose place is `FILE.experiment.json /json/pointer` or one in an inspection file at that value, until the document changes or
   * `clearFaults` is called. Other faults, and files that cannot be opened, are ignored.
   */
  async show(fault: Fault): Promise<void> {
    const place = experimentPlace(fault.where);
    const document = place && (await openDocument(place.file));
    if (!place || !document) return;
    const text = document.getText();
    const { offsetOfPointer } = await loadExperiments();
    const offset = offsetOfPointer(text, place.pointer);
    if (offset === null || document.getText() !== text) return;
    const { what, remedy } = fault;
    const known = this.knownOf(document.uri, text);
    const others = known.faults.filter(({ pointer }) => pointer !== place.pointer);
    this.keep(document, { ...known, faults: [...others, { offset, pointer: place.pointer, what, remedy }] });
  }

  /** Clears the faults of earlier runs, because a new run of the experiment begins. */
  clearFaults(file: Uri): void {
    const known = this.findings.get(file.toString());
    if (known === undefined || !this.hasFaults(file)) return;
    const document = workspace.textDocuments.find(sameDocument(file));
    if (document === undefined) this.remove(file);
    else this.keep(document, { ...known, faults: [] });
  }

  dispose(): void {
    for (const timer of this.timers.values()) clearTimeout(timer);
    for (const disposable of this.disposables) disposable.dispose();
  }

  private open(document: TextDocument): void {
    if (isChecked(document)) void this.inspect(document, false);
  }

  /** The findings are about an older text: faults are removed immediately, problems when typing pauses. */
  private change(document: TextDocument): void {
    if (!isChecked(document)) return;
    const key = document.uri.toString();
    if (this.hasFaults(document.uri)) this.remove(document.uri);
    clearTimeout(this.timers.get(key));
    this.timers.set(
      key,
      setTimeout(() => {
        this.timers.delete(key);
        void this.inspect(document, false);
      }, DEBOUNCE_MS),
    );
  }

  /** A document that no editor shows is closed after a while; faults of runs in it stay in the Problems view. */
  private close(document: TextDocument): void {
    const { uri } = document;
    clearTimeout(this.timers.get(uri.toString()));
    this.timers.delete(uri.toString());
    const known = this.findings.get(uri.toString());
    if (known !== undefined && this.hasFaults(uri)) {
      this.keep(document, { ...known, problems: [], all: false });
    } else this.remove(uri);
  }

  private hasFaults(uri: Uri): boolean {
    return (this.findings.get(uri.toString())?.faults.length ?? 0) > 0;
  }

  private remove(uri: Uri): void {
    this.findings.delete(uri.toString());
    this.collection.delete(uri);
  }

  private knownOf(uri: Uri, text: string): Findings {
    const known = this.findings.get(uri.toString());
    return known?.text === text ? known : { text, problems: [], all: false, faults: [] };
  }

  private async inspect(document: TextDocument, all: boolean): Promise<void> {
    const text = document.getText();
    // A command reports that it is too large.
    if (text.length > EXPERIMENT_LIMIT) return this.remove(document.uri);
    const { checkExperiment, checkInspection } = await loadExperiments();
    if (document.isClosed || document.getText() !== text) return;
    const { problems } = isInspection(document.uri) ? checkInspection(text) : checkExperiment(text);
    const known = this.knownOf(document.uri, text);
    this.keep(document, { ...known, problems, all: known.all || all });
  }

  private keep(document: TextDocument, findings: Findings): void {
    this.findings.set(document.uri.toString(), findings);
    this.publish(document, findings);
  }

  /** The JSON support has added or removed a problem in a document of which all problems are shown. */
  private republish(uris: readonly Uri[]): void {
    for (const uri of uris) {
      const known = this.findings.get(uri.toString());
      const document = known?.all && workspace.textDocuments.find(sameDocument(uri));
      if (known && document && document.getText() === known.text) this.publish(document, known);
    }
  }

  private publish(document: TextDocument, { text, problems, all, faults }: Findings): void {
    const { uri } = document;
    const reported = new Set(shownProblems(problems, all, new Set()).map(({ pointer }) => pointer));
    const shown = [
      ...shownProblems(problems, all, linesOfOthers(uri)),
      // A command's fault that the text itself shows is already among the problems, or on a line of the JSON support.
      ...faults.filter(({ pointer }) => !reported.has(pointer)),
    ];
    const diagnostics = shown.map((problem) => diagnosticOf(document, text, problem));
    // Setting them fires onDidChangeDiagnostics: without this check that would loop forever.
    const before = this.collection.get(uri) ?? [];
    if (before.length === diagnostics.length && before.every((one, i) => isSame(one, diagnostics[i]))) return;
    this.collection.set(uri, diagnostics);
  }
}

const diagnosticOf = (
  document: TextDocument,
  text: string,
  { offset, pointer, what, remedy }: ProblemAt,
): Diagnostic => {
  const [start, end] = underlined(text, offset);
  const range = new Range(document.positionAt(start), document.positionAt(end));
  return errorAt(range, `${what}. ${remedy}.`, SOURCE, pointer);
};

const isSame = (a: Diagnostic, b: Diagnostic): boolean => a.message === b.message && a.range.isEqual(b.range);

/** Lines (from 1) on which something else, such as the JSON support, reports an error or a warning. */
const linesOfOthers = (uri: Uri): Set<number> =>
  new Set(
    languages
      .getDiagnostics(uri)
      .filter(({ source, severity }) => source !== SOURCE && severity <= DiagnosticSeverity.Warning)
      .map(({ range }) => range.start.line + 1),
  );

/** A relative path is relative to a workspace folder, or starts with the name of one. */
const candidates = (path: string): Uri[] => {
  if (isAbsolute(path)) return [Uri.file(path)];
  return (workspace.workspaceFolders ?? []).flatMap(({ uri, name }) => [
    ...(path.startsWith(`${name}/`) ? [Uri.joinPath(uri, path.slice(name.length + 1))] : []),
    Uri.joinPath(uri, path),
  ]);
};

const openDocument = async (path: string): Promise<TextDocument | null> => {
  for (const file of candidates(path)) {
    try {
      return await workspace.openTextDocument(file);
    } catch {
      // Not in this folder, or gone: the message box has shown what was wrong.
    }
  }
  return null;
};
