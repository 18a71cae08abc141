import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import {
  type CodeLens,
  type CompletionItem,
  type CompletionList,
  ConfigurationTarget,
  commands,
  type Diagnostic,
  type Hover,
  languages,
  Position,
  Range,
  SnippetString,
  type TextDocument,
  type Uri,
  WorkspaceEdit,
  window,
  workspace,
} from 'vscode';
import { press, workbenchText } from '../launcher/browserClient.ts';
import { api, eventually, file, runFolder } from './editor.ts';

/**
 * Experiments that are never trained, so that no other test gives them a run; one each, because the editor
 * keeps old texts.
 */
let typed = 0;
const typedFile = (): Uri => file(`typed-${typed}.experiment.json`);
const VALID = {
  name: 'typed',
  data: { kind: 'digits-on-clothes', train: 600, test: 300 },
  augmentation: [{ kind: 'drop-digit' }],
  encoder: { kind: 'cnn', widths: [8] },
  head: { kind: 'mlp', widths: [8] },
  loss: { kind: 'nt-xent', temperature: 0.5 },
  optimiser: { kind: 'adam', learningRate: 0.002 },
  epochs: 2,
  batchSize: 100,
};

const show = async (uri: Uri): Promise<TextDocument> => {
  const document = await workspace.openTextDocument(uri);
  // In its own tab: the next one would close a document in preview.
  await window.showTextDocument(document, { preview: false });
  return document;
};

const type = (text: string | object): Promise<TextDocument> => {
  typed += 1;
  writeFileSync(typedFile().fsPath, typeof text === 'string' ? text : JSON.stringify(text, null, 2));
  return show(typedFile());
};

const lenses = async (uri: Uri) => {
  const found = await commands.executeCommand<CodeLens[]>('vscode.executeCodeLensProvider', uri);
  return found
    .flatMap(({ command, range }) => (command === undefined ? [] : [{ ...command, line: range.start.line }]))
    .filter((lens) => lens.command.startsWith('pentimento.'));
};

const lineOf = (document: TextDocument, text: string): number =>
  document.positionAt(document.getText().indexOf(text)).line;

const onLine = (document: TextDocument, line: number): Diagnostic[] =>
  languages.getDiagnostics(document.uri).filter(({ range }) => range.start.line === line);

const ofPentimento = (document: TextDocument): Diagnostic[] =>
  languages.getDiagnostics(document.uri).filter(({ source }) => source === 'Pentimento');

const labelOf = ({ label }: CompletionItem): string =>
  (typeof label === 'string' ? label : label.label).replaceAll('"', '');

interface Offered {
  readonly document: TextDocument;
  readonly items: readonly CompletionItem[];
}

/** The completions where the text has `|`, once the JSON support offers `expected`. */
const completions = async (text: string, expected: string): Promise<Offered> => {
  const at = text.indexOf('|');
  const document = await type(text.replace('|', ''));
  return eventually(`${expected} among the completions`, async () => {
    const { items } = await commands.executeCommand<CompletionList>(
      'vscode.executeCompletionItemProvider',
      document.uri,
      document.positionAt(at),
    );
    return items.some((item) => labelOf(item) === expected) ? { document, items } : null;
  });
};
const offered = async (text: string, expected: string): Promise<string[]> =>
  (await completions(text, expected)).items.map(labelOf);

/** The kinds that the schema has, by the key that they are of. */
const KINDS: Readonly<Record<string, readonly string[]>> = {
  data: ['synthetic', 'digits-on-clothes', 'idx', 'cifar-10', 'cifar-100', 'npz', 'image-folder'],
  encoder: ['linear', 'diagonal', 'mlp', 'cnn', 'resnet18-cifar'],
  head: ['none', 'linear', 'mlp', 'symmetric-relu', 'reweighting'],
  loss: [
    'spectral',
    'supervised-spectral',
    'nt-xent',
    'supervised-contrastive',
    'cross-entropy',
    'mean-squared-error',
  ],
  optimiser: ['sgd', 'adam', 'adamw'],
  schedule: ['constant', 'step', 'cosine'],
};

describe('inline features', () => {
  before(api);

  it('offers to train, inspect and look at the results above an experiment with a run', async () => {
    const experiment = file('finished.experiment.json');
    await show(experiment);
    const run = runFolder('finished').toString();
    const found = (await lenses(experiment)).map(({ title, command, arguments: given, line }) => ({
      title: title.replace(/\$\(.*?\) /, ''),
      command,
      about: String(given?.[0]),
      line,
    }));
    assert.deepEqual(found, [
      { title: 'Train', command: 'pentimento.train', about: experiment.toString(), line: 0 },
      { title: 'Inspect', command: 'pentimento.inspect', about: run, line: 0 },
      { title: 'Results', command: 'pentimento.openProbes', about: run, line: 0 },
    ]);
  });

  it('offers only to train an experiment without a run', async () => {
    await type(VALID);
    const found = await lenses(typedFile());
    assert.deepEqual(
      found.map(({ command }) => command),
      ['pentimento.train'],
    );
  });

  it('shows no actions when the setting is off, and shows them again when it is on', async () => {
    const experiment = file('finished.experiment.json');
    await show(experiment);
    const set = (value: boolean | undefined) =>
      workspace.getConfiguration('pentimento').update('codeLens.enabled', value, ConfigurationTarget.Global);
    assert.equal((await lenses(experiment)).length, 3);
    try {
      await set(false);
      assert.deepEqual(await lenses(experiment), []);
    } finally {
      await set(undefined);
    }
    assert.equal((await lenses(experiment)).length, 3);
  });

  it('asks what a new experiment is called, and writes it', async () => {
    const widget = (): Promise<string> => workbenchText('.quick-input-widget');
    const asked = commands.executeCommand<Uri | undefined>('pentimento.newExperiment');
    await eventually('the presets', async () => /linear-population/.test(await widget()));
    await press('Enter');
    await eventually('the question', async () => /Name of the experiment/.test(await widget()));
    for (const key of ['Control+A', 'M', 'y']) await press(key);
    await eventually('what is wrong', async () => /Use lower-case letters/.test(await widget()));
    for (const key of ['Control+A', 'm', 'y', '-', '1', 'Enter']) await press(key);
    const created = await asked;
    assert.equal(created?.path, file('my-1.experiment.json').path);
    const document = await show(created as Uri);
    assert.equal(JSON.parse(document.getText()).name, 'my-1');
    await commands.executeCommand('workbench.action.closeActiveEditor');
    rmSync((created as Uri).fsPath);
  });

  it('completes the keys of an experiment', async () => {
    const keys = await offered('{\n  "name": "typed",\n  |\n}\n', 'encoder');
    for (const key of ['data', 'augmentation', 'head', 'loss', 'epochs']) {
      assert.ok(keys.includes(key), `${key} is not among ${keys.join(', ')}`);
    }
    assert.ok(!keys.includes('name'), 'a key that already exists is offered');
  });

  it('completes every kind where a kind is typed', async () => {
    for (const [key, kinds] of Object.entries(KINDS)) {
      const found = await offered(`{\n  "${key}": { "kind": "|" }\n}\n`, kinds[0]);
      assert.deepEqual([...found].sort(), [...kinds].sort(), key);
    }
  });

  it('inserts a whole object of every kind, with what it needs', async () => {
    for (const [key, kinds] of Object.entries(KINDS)) {
      const { document, items } = await completions(`{\n  "${key}": |\n}\n`, kinds.at(-1) ?? '');
      const editor = await window.showTextDocument(document);
      const empty = document.getText();
      const place = document.positionAt(empty.indexOf(': ') + 2);
      for (const kind of kinds) {
        const item = items.find((each) => labelOf(each) === kind);
        assert.ok(item, `${key} offers no ${kind}`);
        const text = item.insertText;
        await editor.insertSnippet(text instanceof SnippetString ? text : new SnippetString(text), place);
        const inserted = JSON.parse(document.getText())[key];
        assert.equal(inserted.kind, kind);
        const whole = new Range(new Position(0, 0), document.positionAt(document.getText().length));
        await editor.edit((edit) => edit.replace(whole, empty));
      }
    }
  });

  it('says on hover what a key means, and what it defaults to', async () => {
    const document = await type({ ...VALID, loss: { kind: 'nt-xent', temperature: 0.5 } });
    const at = document.positionAt(document.getText().indexOf('"temperature"') + 2);
    const words = await eventually('a hover', async () => {
      const hovers = await commands.executeCommand<Hover[]>('vscode.executeHoverProvider', document.uri, at);
      const text = hovers
        .flatMap(({ contents }) => contents)
        .map((each) => (typeof each === 'string' ? each : each.value))
        .join(' ');
      return text === '' ? null : text;
    });
    assert.match(words, /divided by it before the softmax/);
    // In Markdown, where a point is escaped.
    assert.match(words, /Default: 0\\?\.5/);
  });

  it('marks a misspelt key once', async () => {
    const document = await type({ ...VALID, epochz: 3 });
    const line = lineOf(document, '"epochz"');
    const [problem] = await eventually('a diagnostic at "epochz"', () => {
      const found = onLine(document, line);
      return found.length > 0 ? found : null;
    });
    assert.match(document.getText(problem.range), /epochz/);
    assert.match(problem.message, /not known here/);
    // Documents are checked in the order of their opening: once the next one is marked, this one was checked.
    const next = await type({ ...VALID, batchSize: 1000 });
    await eventually('a problem of the next document', () => ofPentimento(next).length > 0);
    assert.deepEqual(
      onLine(document, line).map(({ message }) => message),
      [problem.message],
    );
  });

  it('marks fields that do not go together while they are typed, until they do', async () => {
    const document = await type(VALID);
    const replace = async (old: string, text: string): Promise<void> => {
      const start = document.getText().indexOf(old);
      assert.ok(start >= 0, `${old} is not in the text`);
      const edit = new WorkspaceEdit();
      const range = new Range(document.positionAt(start), document.positionAt(start + old.length));
      edit.replace(document.uri, range, text);
      assert.ok(await workspace.applyEdit(edit));
    };
    await replace('"batchSize": 100', '"batchSize": 1000');
    await eventually('a problem of the batch size', () => ofPentimento(document).length > 0);
    const [problem, ...others] = ofPentimento(document);
    assert.deepEqual(others, []);
    assert.equal(
      problem.message,
      'a batch of 1000 is larger than the 600 training samples. Use at most 600.',
    );
    assert.equal(problem.code, '/batchSize');
    const line = lineOf(document, '"batchSize"');
    const start = '  "batchSize": '.length;
    assert.deepEqual(
      problem.range,
      new Range(new Position(line, start), new Position(line, start + '1000'.length)),
    );
    await replace('"batchSize": 1000', '"batchSize": 600');
    await eventually('no problem any more', () => ofPentimento(document).length === 0);
  });
});
