import { commands } from 'vscode';

/** The steps of the walkthrough, by their ids in the manifest. */
type TourStep = 'newExperiment' | 'train' | 'spectrum' | 'heatmap' | 'choose' | 'checkpoint';

/**
 * Marks a step of the walkthrough as done. A step waits for this key and not for its command, because a command may be
 * cancelled. VS Code remembers what is done.
 */
export const completeStep = (step: TourStep): void =>
  void commands.executeCommand('setContext', `pentimento.tour.${step}`, true);
