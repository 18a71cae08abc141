import { commands, l10n } from 'vscode';
import type { Selection } from '../../src/protocol/messages.ts';
import type { RunEntry } from '../runs/runLibrary.ts';
import type { Services } from '../services.ts';
import { showInformation } from '../shown/messages.ts';
import { pickFrom } from '../shown/quickPick.ts';
import { chooseRun, type RunArgument } from './chooseRun.ts';

/** The selection of a run; of several, the one that the user picks. */
export const selectionOf = async ({ selections }: RunEntry): Promise<Selection | undefined> => {
  if (selections.length <= 1) return selections[0];
  const choices = selections.map((selection) => ({
    label: selection.layer,
    description: selection.task ?? l10n.t('no task'),
    selection,
  }));
  return (await pickFrom(choices, { placeHolder: l10n.t('The layer for which task?') }))?.selection;
};

/** Show Selected Layer: shows the selected layer, highlights it, and offers next steps. */
export const showSelectedLayer =
  (services: Services) =>
  async (argument?: RunArgument): Promise<string | undefined> => {
    const run = await chooseRun(services, argument, ({ selections }) => selections.length > 0);
    const selection = run && (await selectionOf(run));
    if (run === undefined || selection === undefined) return undefined;
    const { layer, task, chosenAt } = selection;
    services.highlight.set(layer);
    const [spectra, onnx, other] = [
      l10n.t('Open Spectra'),
      l10n.t('Export ONNX…'),
      l10n.t('Choose Another…'),
    ];
    const day = chosenAt.slice(0, 10);
    void showInformation(
      task === null
        ? l10n.t('{0}: {1}, selected on {2}.', run.name, layer, day)
        : l10n.t('{0}: {1}, selected for {2} on {3}.', run.name, layer, task, day),
      spectra,
      onnx,
      other,
    ).then((answer) => {
      const question = { run: run.uri.toString(), layer, ...(task === null ? {} : { task }) };
      if (answer === spectra) void commands.executeCommand('pentimento.openSpectra', run.uri);
      if (answer === onnx) void commands.executeCommand('pentimento.exportLayer', question);
      if (answer === other) void commands.executeCommand('pentimento.chooseLayer', question);
    });
    return layer;
  };
