import { l10n } from 'vscode';
import type { Services } from '../services.ts';
import { showInformation } from '../shown/messages.ts';
import { pickFrom } from '../shown/quickPick.ts';
import { analysedChoices, chooseRun, type RunArgument, type StateChoice } from './chooseRun.ts';

/** Compare Runs: two runs, or two epochs of one, side by side; if called on a run, it is the first of them. */
export const compareRuns =
  ({ runs, panels, ...rest }: Services) =>
  async (argument?: RunArgument, other?: RunArgument): Promise<void> => {
    const services = { runs, panels, ...rest };
    const choices = analysedChoices(await runs.all());
    if (choices.length < 2) {
      void showInformation(l10n.t('Inspect two runs, or two epochs of one run, to compare them.'));
      return;
    }
    const first = await pick(choices, argument, l10n.t('Choose the first to compare (1 of 2)'), services);
    if (first === undefined) return;
    const others = choices.filter((choice) => choice !== first);
    const second = await pick(
      others,
      other,
      l10n.t('Choose one to compare with {0} (2 of 2)', first.label),
      services,
    );
    if (second === undefined) return;
    panels.show(
      'compare',
      [first, second].map(({ run, state }) => ({ run: run.uri.toString(), state })),
    );
  };

const pick = async (
  choices: readonly StateChoice[],
  argument: RunArgument,
  placeHolder: string,
  services: Services,
): Promise<StateChoice | undefined> => {
  if (argument !== undefined && argument !== null) {
    const run = await chooseRun(services, argument);
    const asked = 'state' in argument ? argument.state : 'last';
    const same = choices.filter((choice) => choice.run.uri.toString() === run?.uri.toString());
    return same.find(({ state }) => state === asked) ?? same[0];
  }
  return pickFrom(choices, { placeHolder, matchOnDescription: true });
};
