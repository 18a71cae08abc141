import { type Disposable, l10n, StatusBarAlignment, type StatusBarItem, window } from 'vscode';
import type { LiveTraining } from '../../src/protocol/messages.ts';
import { percentDone } from '../inline/experimentActions.ts';
import type { RunLibrary } from '../runs/runLibrary.ts';
import type { Trainings } from '../training/trainings.ts';

/** The training in progress with its percentage, else the layer picked last; hidden when there is neither. */
export class StatusBar implements Disposable {
  private readonly item: StatusBarItem;
  private readonly disposables: Disposable[];

  constructor(
    private readonly runs: RunLibrary,
    private readonly trainings: Trainings,
  ) {
    this.item = window.createStatusBarItem('pentimento.status', StatusBarAlignment.Right, 100);
    this.item.name = 'Pentimento';
    this.disposables = [
      this.item,
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
    const icon = training.state === 'paused' ? '$(debug-pause)' : '$(loading~spin)';
    const share = `${percentDone(training)} %`;
    this.show(
      `${icon} ${training.name} ${share}`,
      l10n.t('Training {0}: {1}. Show it in the side panel.', training.name, share),
      'pentimento.trainingView.focus',
    );
  }

  private async showSelection(): Promise<void> {
    const chosen = (await this.runs.all()).filter(({ selection }) => selection !== null);
    const [latest] = chosen.sort((a, b) => b.selection!.chosenAt.localeCompare(a.selection!.chosenAt));
    if (latest === undefined) {
      this.item.hide();
      return;
    }
    const { layer, task } = latest.selection!;
    this.show(
      `$(layers) ${layer}`,
      l10n.t('Layer selected in {0} for {1}: {2}', latest.name, task, layer),
      'pentimento.showSelectedLayer',
    );
  }

  private show(text: string, tooltip: string, command: string): void {
    this.item.text = text;
    this.item.tooltip = tooltip;
    this.item.accessibilityInformation = { label: tooltip };
    this.item.command = command;
    this.item.show();
  }
}
