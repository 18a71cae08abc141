import { l10n, Uri, workspace } from 'vscode';
import { EXPERIMENT_LIMIT } from '../../src/protocol/messages.ts';
import { arrayPaths, modelPaths } from '../checkpoints/checkpointNames.ts';
import { readText } from '../runs/files.ts';
import type { Services } from '../services.ts';
import { askForFile } from '../shown/dialogs.ts';
import { type Choice, pickFrom } from '../shown/quickPick.ts';
import type { RunNode } from '../views/runsTree.ts';

/** What the Explorer, the tree, a lens or another extension passes. */
export type CheckpointArgument = Uri | Extract<RunNode, { kind: 'model' }> | undefined;

export const uriOf = (argument: CheckpointArgument): Uri | undefined =>
  argument instanceof Uri ? argument : argument?.kind === 'model' ? argument.file : undefined;

/** Experiments that are searched for the data that they name. */
const EXPERIMENTS = 200;
const EXPERIMENT = {
  limit: EXPERIMENT_LIMIT,
  missing: { what: 'does not exist', remedy: 'Check the path' },
  remedy: 'Check the file',
};

/** What the experiments of the workspace say; one that cannot be read names nothing. */
const experimentTexts = async (): Promise<string[]> => {
  const found = await workspace.findFiles('**/*.experiment.json', '**/{node_modules,.git}/**', EXPERIMENTS);
  return Promise.all(found.map((file) => readText(file, EXPERIMENT).catch(() => '')));
};

/** Asks for one of the workspace's checkpoints, models first, or for any file. Runs list their own checkpoints. */
export const pickCheckpoint = async (
  { checkpoints }: Services,
  title: string,
  except?: Uri,
): Promise<Uri | undefined> => {
  const found = await checkpoints.files();
  const paths = [...modelPaths(found.keys()), ...arrayPaths(found.keys(), await experimentTexts())];
  const items: (Choice & { readonly uri?: Uri })[] = paths
    .map((path) => found.get(path) as Uri)
    .filter((uri) => uri.toString() !== except?.toString())
    .map((uri) => ({ label: workspace.asRelativePath(uri), uri }));
  const browse: Choice & { readonly uri?: Uri } = { icon: 'folder-opened', label: l10n.t('Another File…') };
  const picked = await pickFrom([...items, browse], { title, matchOnDescription: true });
  if (picked === undefined || picked.uri !== undefined) return picked?.uri;
  return askForFile(title);
};

/** Open Checkpoint: in the checkpoint editor, whatever else opens files with its ending; at a layer, if one is named. */
export const openCheckpoint =
  (services: Services) =>
  async (argument: CheckpointArgument, layer?: unknown): Promise<void> => {
    const uri = uriOf(argument) ?? (await pickCheckpoint(services, l10n.t('Open a checkpoint')));
    // When called from the Explorer, the second argument is the selection there.
    if (uri !== undefined) await services.editors.openEditor(uri, typeof layer === 'string' ? layer : null);
  };

/** Open Checkpoint to the Side: a panel on one checkpoint, or on two, compared. */
export const openCheckpointPanel =
  (services: Services) =>
  async (argument: CheckpointArgument, other?: unknown): Promise<void> => {
    const uri = uriOf(argument) ?? (await pickCheckpoint(services, l10n.t('Open a checkpoint')));
    if (uri === undefined) return;
    await services.editors.openPanel(other instanceof Uri ? [uri, other] : [uri]);
  };

/** Compare Checkpoints: the two that are selected in the Explorer, or one and another that the user picks. */
export const compareCheckpoints =
  (services: Services) =>
  async (argument: CheckpointArgument, selected?: unknown): Promise<void> => {
    const both = Array.isArray(selected) ? selected.filter((one): one is Uri => one instanceof Uri) : [];
    const first =
      both[0] ?? uriOf(argument) ?? (await pickCheckpoint(services, l10n.t('Choose the first checkpoint')));
    if (first === undefined) return;
    const second =
      both[1] ??
      (selected instanceof Uri ? selected : undefined) ??
      (await pickCheckpoint(
        services,
        l10n.t('Choose a checkpoint to compare with {0}', workspace.asRelativePath(first)),
        first,
      ));
    if (second !== undefined) await services.editors.openPanel([first, second]);
  };
