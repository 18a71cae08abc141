import { commands, l10n } from 'vscode';
import type { Services } from '../services.ts';
import { showInformation } from '../shown/messages.ts';
import { chooseRun, type RunArgument } from './chooseRun.ts';

/** Show Selected Layer: shows the selected layer, highlights it, and offers next steps. */
export const showSelectedLayer =
  (services: Services) =>
  async (argument?: RunArgument): Promise<string | undefined> => {
    const run = await chooseRun(services, argument, ({ selection }) => selection !== null);
    if (run?.selection == null) return undefined;
    const { layer, task, chosenAt } = run.selection;
    services.highlight.set(layer);
    const [spectra, onnx, other] = [
      l10n.t('Open Spectra'),
      l10n.t('Export ONNX…'),
      l10n.t('Choose Another…'),
    ];
    const day = chosenAt.slice(0, 10);
    void showInformation(
      l10n.t('{0}: {1}, selected for {2} on {3}.', run.name, layer, task, day),
      spectra,
      onnx,
      other,
    ).then((answer) => {
      const question = { run: run.uri.toString(), layer };
      if (answer === spectra) void commands.executeCommand('pentimento.openSpectra', run.uri);
      if (answer === onnx) void commands.executeCommand('pentimento.exportLayer', question);
      if (answer === other) void commands.executeCommand('pentimento.chooseLayer', question);
    });
    return layer;
  };
