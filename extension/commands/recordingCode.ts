import { l10n, window, workspace } from 'vscode';
import { importedFramework, RECORDING_FRAMEWORKS, recordingCodeOf } from '../../src/protocol/messages.ts';
import { at, readText } from '../runs/files.ts';
import type { Services } from '../services.ts';
import { pickFrom } from '../shown/quickPick.ts';

const CODE = {
  limit: 100_000,
  missing: { what: 'there is no such file', remedy: 'Install the extension again' },
  remedy: 'Install the extension again',
};

/**
 * Insert Code That Records Activations: for the framework that the Python file in the editor imports, or one that the user picks; at
 * the cursor, or in a new file.
 */
export const insertRecordingCode =
  ({ context }: Services) =>
  async (argument?: unknown): Promise<string | undefined> => {
    const editor = window.activeTextEditor;
    const isPython = editor?.document.languageId === 'python';
    const known: readonly string[] = RECORDING_FRAMEWORKS.map(({ name }) => name);
    const named = typeof argument === 'string' && known.includes(argument) ? argument : null;
    const framework = named ?? (await askForFramework(isPython ? editor.document.getText() : ''));
    if (framework === undefined) return undefined;
    const code = await codeFor(context, framework);
    if (isPython) await editor.edit((edit) => edit.insert(editor.selection.active, code));
    else
      await window.showTextDocument(await workspace.openTextDocument({ language: 'python', content: code }));
    return framework;
  };

const codeFor = ({ extensionUri }: Services['context'], framework: string): Promise<string> =>
  readText(at(extensionUri, `media/code/record/${framework}.py`), CODE);

/** The code that records one layer in the framework that the user picks; undefined if none is picked. */
export const codeOfRecordedLayer = async (
  { context }: Services,
  layer: string,
  named?: string,
): Promise<string | undefined> => {
  const framework = named ?? (await askForFramework(''));
  return framework === undefined ? undefined : recordingCodeOf(await codeFor(context, framework), layer);
};

/** The one that the code imports comes first. */
const askForFramework = async (code: string): Promise<string | undefined> => {
  const imported = importedFramework(code);
  const choices = RECORDING_FRAMEWORKS.map(({ name }) => ({
    label: name,
    ...(name === imported ? { description: l10n.t('imported here') } : {}),
  })).sort(
    (a, b) => Number(b.label === imported) - Number(a.label === imported) || a.label.localeCompare(b.label),
  );
  return (await pickFrom(choices, { placeHolder: l10n.t('The framework that runs the model') }))?.label;
};
