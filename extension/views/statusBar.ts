import { type Disposable, l10n } from 'vscode';
import { formatProgress, type LiveTraining } from '../../src/protocol/messages.ts';
import { percentDone } from '../inline/experimentActions.ts';
import type { RunLibrary } from '../runs/runLibrary.ts';
import { StatusPlace } from '../shown/statusBar.ts';
import type { Trainings } from '../training/trainings.ts';

/** The training in progress with its percentage, else the layer selected last; hidden if there is neither. */
export class StatusBar implements Disposable {
  private readonly place = new StatusPlace('pentimento.status', 'Pentimento', 100);
  private readonly disposables: Disposable[];

  constructor(
    private readonly runs: RunLibrary,
    private readonly trainings: Trainings,
  ) {
    this.disposables = [
      this.place,
      runs.onDidChange(() => void this.update()),
      trainings.onDidChange(() => void this.update()),
    ];
  }

  dispose(): void {
    for (const disposable of this.disposables) disposable.dispose();
  }

  private async update(): Promise<void> {
    const training = this.trainings.current;
    if (training !== null && this.trainings.isRunning) this.showTraining(training);
    else await this.showSelection();
  }

  private showTraining(training: LiveTraining): void {
    const share = formatProgress(percentDone(training));
    this.place.show({
      icon: training.state === 'paused' ? 'debug-pause' : 'loading~spin',
      text: `${training.name} ${share}`,
      tooltip: l10n.t('Training {0}: {1}. Show it in the side panel.', training.name, share),
      command: 'pentimento.trainingView.focus',
    });
  }

  private async showSelection(): Promise<void> {
    const chosen = (await this.runs.all()).flatMap(({ name, selections }) =>
      selections.map((selection) => ({ name, ...selection })),
    );
    const [latest] = chosen.sort((a, b) => b.chosenAt.localeCompare(a.chosenAt));
    if (latest === undefined) {
      this.place.hide();
      return;
    }
    const { name, layer, task } = latest;
    this.place.show({
      icon: 'layers',
      text: layer,
      tooltip:
        task === null
          ? l10n.t('Layer selected in {0}: {1}', name, layer)
          : l10n.t('Layer selected in {0} for {1}: {2}', name, task, layer),
      command: 'pentimento.showSelectedLayer',
    });
  }
}
