import {
  type CodeLens,
  type CodeLensProvider,
  Disposable,
  EventEmitter,
  l10n,
  languages,
  Range,
  type TextDocument,
  type Uri,
  workspace,
} from 'vscode';
import { formatProgress } from '../../src/protocol/messages.ts';
import type { RunEntry, RunLibrary } from '../runs/runLibrary.ts';
import { codeLens, type ShownAction } from '../shown/codeLens.ts';
import type { Trainings } from '../training/trainings.ts';
import {
  type ExperimentAction,
  experimentActions,
  experimentName,
  percentDone,
} from './experimentActions.ts';

const SETTING = 'pentimento.codeLens.enabled';
const TOP = new Range(0, 0, 0, 0);

const shownAction = (action: ExperimentAction<RunEntry>, experiment: Uri): ShownAction => {
  switch (action.kind) {
    case 'train':
      return {
        icon: 'play',
        title: l10n.t('Train'),
        tooltip: l10n.t('Train this experiment'),
        command: 'pentimento.train',
        arguments: [experiment],
      };
    case 'training':
      return {
        icon: action.paused ? 'debug-pause' : 'loading~spin',
        title: trainingText(action),
        tooltip: l10n.t('Show the training in the side panel'),
        command: 'pentimento.trainingView.focus',
      };
    case 'inspect':
      return {
        icon: 'search',
        title: l10n.t('Inspect'),
        tooltip: l10n.t('Inspect the layers of {0}', action.run.name),
        command: 'pentimento.inspect',
        arguments: [action.run.uri],
      };
    case 'results':
      return {
        icon: 'graph',
        title: l10n.t('Results'),
        tooltip: l10n.t('Show the probe accuracies of {0}', action.run.name),
        command: 'pentimento.openProbes',
        arguments: [action.run.uri],
      };
  }
};

const trainingText = ({
  paused,
  name,
  percent,
}: ExperimentAction<RunEntry> & { kind: 'training' }): string =>
  paused
    ? l10n.t('Paused {0} {1}', name, formatProgress(percent))
    : l10n.t('Training {0} {1}', name, formatProgress(percent));

/** The actions on an experiment above its first line. */
class ExperimentLenses implements CodeLensProvider, Disposable {
  private readonly changed = new EventEmitter<void>();
  readonly onDidChangeCodeLenses = this.changed.event;
  private readonly disposables: Disposable[];
  private shownTraining = '';

  constructor(
    private readonly runs: RunLibrary,
    private readonly trainings: Trainings,
  ) {
    this.disposables = [
      this.changed,
      runs.onDidChange(() => this.changed.fire()),
      trainings.onDidChange(() => this.follow()),
      workspace.onDidGrantWorkspaceTrust(() => this.changed.fire()),
      workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration(SETTING)) this.changed.fire();
      }),
    ];
  }

  async provideCodeLenses(document: TextDocument): Promise<CodeLens[]> {
    if (!workspace.getConfiguration().get(SETTING, true)) return [];
    // The tree reports runs that cannot be listed; training does not depend on them.
    const runs = await this.runs.all().catch(() => []);
    const training = this.trainings.isRunning ? this.trainings.current : null;
    const name = experimentName(document.getText());
    return experimentActions(name, runs, training, workspace.isTrusted).map((action) =>
      codeLens(TOP, shownAction(action, document.uri)),
    );
  }

  dispose(): void {
    for (const disposable of this.disposables) disposable.dispose();
  }

  /** A training reports every few steps; the lens shows its state and whole percents. */
  private follow(): void {
    const { current, isRunning } = this.trainings;
    const shown = current && isRunning ? `${current.run} ${current.state} ${percentDone(current)}` : '';
    if (shown === this.shownTraining) return;
    this.shownTraining = shown;
    this.changed.fire();
  }
}

/** Shows what can be done with an experiment (Train, Inspect, Results) above the text of its file. */
export const registerExperimentLenses = (runs: RunLibrary, trainings: Trainings): Disposable => {
  const lenses = new ExperimentLenses(runs, trainings);
  const registration = languages.registerCodeLensProvider({ pattern: '**/*.experiment.json' }, lenses);
  return Disposable.from(registration, lenses);
};
