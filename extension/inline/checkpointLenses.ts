import {
  type CancellationToken,
  type CodeLens,
  type CodeLensProvider,
  Disposable,
  EventEmitter,
  type Hover,
  type HoverProvider,
  l10n,
  languages,
  type Position,
  Range,
  type TextDocument,
  type Uri,
  workspace,
} from 'vscode';
import { Fault } from '../../src/protocol/messages.ts';
import type { CheckpointLibrary } from '../checkpoints/checkpointLibrary.ts';
import { codeLens, commandOf, type ShownAction } from '../shown/codeLens.ts';
import { hover } from '../shown/hover.ts';
import { fileOfMention, filePaths, type Mention, mentionsInLine } from './checkpointMentions.ts';
import { summaryWords } from './checkpointWords.ts';
import type { Recordings } from './recordings.ts';

const SETTING = 'pentimento.checkpointLens.enabled';
const LANGUAGES = [
  'python',
  'typescript',
  'typescriptreact',
  'javascript',
  'javascriptreact',
  'json',
  'jsonc',
  'yaml',
  'markdown',
];
/** Longer texts are treated as data. */
const MOST_LINES = 5000;
/** A text with more is a list of files. */
const MOST_MENTIONS = 1000;
/** Lines between two checks for changes of the text. */
const BREATH = 500;

const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

interface Found {
  readonly mention: Mention;
  readonly file: Uri;
}

const actionsOn = (file: Uri): ShownAction[] => [
  {
    title: l10n.t('Spectra'),
    tooltip: l10n.t('Open the spectra beside the editor'),
    command: 'pentimento.openCheckpointPanel',
    arguments: [file],
  },
  {
    title: l10n.t('Choose layer'),
    tooltip: l10n.t('Choose a layer and copy its name'),
    command: 'pentimento.chooseCheckpointLayer',
    arguments: [file],
  },
];

/** Describes a checkpoint or a recording that is named in a line of code, above that line and on hover. */
class CheckpointLenses implements CodeLensProvider, HoverProvider, Disposable {
  private readonly changed = new EventEmitter<void>();
  readonly onDidChangeCodeLenses = this.changed.event;
  private readonly disposables: Disposable[];
  /** The files whose headers lenses show when they become visible. */
  private readonly unread = new WeakMap<CodeLens, Uri>();

  constructor(
    private readonly library: CheckpointLibrary,
    private readonly recordings: Recordings,
  ) {
    this.disposables = [
      this.changed,
      library.onDidChange(() => this.changed.fire()),
      workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration(SETTING)) this.changed.fire();
      }),
    ];
  }

  async provideCodeLenses(document: TextDocument, token: CancellationToken): Promise<CodeLens[]> {
    if (!isOn() || document.lineCount > MOST_LINES) return [];
    const mentions: Mention[] = [];
    for (let line = 0; line < document.lineCount; line++) {
      if (line % BREATH === BREATH - 1) await breathe();
      if (token.isCancellationRequested) return [];
      for (const mention of mentionsInLine(document.lineAt(line).text, line)) mentions.push(mention);
      if (mentions.length > MOST_MENTIONS) return [];
    }
    return (await this.find(document, mentions)).flatMap(({ mention, file }) => {
      const range = rangeOf(mention);
      const summary = codeLens(range);
      this.unread.set(summary, file);
      return [summary, ...actionsOn(file).map((action) => codeLens(range, action))];
    });
  }

  /** Reads the header only for visible lenses. */
  async resolveCodeLens(lens: CodeLens): Promise<CodeLens> {
    const file = this.unread.get(lens);
    if (file === undefined) return lens;
    lens.command = commandOf({
      title: l10n.t('{0}: Inspect', (await this.recordings.holds(file)) ?? (await this.words(file))),
      tooltip: l10n.t('Open {0}', workspace.asRelativePath(file)),
      command: 'pentimento.openCheckpoint',
      arguments: [file],
    });
    return lens;
  }

  async provideHover(document: TextDocument, position: Position): Promise<Hover | undefined> {
    if (!isOn()) return undefined;
    const { line, character } = position;
    const mentions = mentionsInLine(document.lineAt(line).text, line).filter(
      ({ start, end }) => start <= character && character <= end,
    );
    const [found] = await this.find(document, mentions);
    if (found === undefined) return undefined;
    const { file } = found;
    const { holds, results, actions } = await this.recordings.of(file);
    const inspect = { title: l10n.t('Inspect'), command: 'pentimento.openCheckpoint', arguments: [file] };
    const [spectra, choose] = actionsOn(file);
    const text = `${workspace.asRelativePath(file)}: ${holds ?? (await this.words(file))}`;
    // The matrices of a recording are no parameters to choose from.
    const offered = holds === null ? [inspect, spectra, choose, ...actions] : [...actions, spectra];
    return hover([text, ...results], offered, rangeOf(found.mention));
  }

  dispose(): void {
    for (const disposable of this.disposables) disposable.dispose();
  }

  private async find(document: TextDocument, mentions: readonly Mention[]): Promise<Found[]> {
    if (mentions.length === 0) return [];
    const files = await this.library.files();
    const paths = filePaths(files.keys());
    const folder = document.uri.path.slice(0, document.uri.path.lastIndexOf('/'));
    return mentions.flatMap((mention) => {
      const file = files.get(fileOfMention(mention.path, folder, paths) ?? '');
      // Files elsewhere would have to be copied to know what they contain.
      return file?.scheme === 'file' ? [{ mention, file }] : [];
    });
  }

  private async words(file: Uri): Promise<string> {
    try {
      return summaryWords(await this.library.summary(file));
    } catch (error) {
      return error instanceof Fault ? `${error.what}` : l10n.t('cannot be read');
    }
  }
}

const isOn = (): boolean => workspace.getConfiguration().get(SETTING, true);

const rangeOf = ({ line, start, end }: Mention): Range => new Range(line, start, line, end);

/** Lenses and hovers on lines of code that name a checkpoint or a recording of the workspace. */
export const registerCheckpointLenses = (library: CheckpointLibrary, recordings: Recordings): Disposable => {
  const lenses = new CheckpointLenses(library, recordings);
  const selector = LANGUAGES.flatMap((language) =>
    ['file', 'untitled', 'vscode-notebook-cell'].map((scheme) => ({ language, scheme })),
  );
  return Disposable.from(
    lenses,
    languages.registerCodeLensProvider(selector, lenses),
    languages.registerHoverProvider(selector, lenses),
  );
};
