import '../panel/strings.ts';
import * as l10n from '@vscode/l10n';
import { ASK_THEORY, EXPORT_FIGURE, LIST_FIGURES, SAVE_FIGURE } from '../../src/protocol/messages.ts';
import { element } from '../figures/element.ts';
import { createLayerSelection, drawTheoryWeights } from '../figures/index.ts';
import { watchFailures } from '../panel/failure.ts';
import { createFigureList } from '../panel/figureList.ts';
import { connectHost } from '../panel/host.ts';
import { settled } from '../panel/pace.ts';
import { part } from '../panel/parts.ts';
import { createTheoryForm, readTheoryState } from '../panel/theoryForm.ts';
import { FIRST_FORM, questionOf, type TheoryForm } from '../series/theory.ts';

const SETTLE_MS = 250;

const provenanceOf = ({ strengths, noise, layers, drop, weightDecay, downstream }: TheoryForm): string =>
  [
    l10n.t('strengths {0}; noise {1}; {2} layers', strengths, noise, layers),
    ...(drop.trim() === '' ? [] : [l10n.t('dropped {0}', drop)]),
    ...(weightDecay.trim() === '' ? [] : [l10n.t('weight decay {0}', weightDecay)]),
    ...(downstream.trim() === '' ? [] : [l10n.t('downstream {0}', downstream)]),
  ].join('; ');

/** What theory predicts for a linear network: the numbers to type, and the weights that follow from them. */
const openTheory = (page: HTMLElement): void => {
  const host = connectHost(readTheoryState);
  const failures = watchFailures(host, page);
  const form = createTheoryForm(host.keptState()?.form ?? FIRST_FORM);
  const problem = element('p', { class: 'failure', role: 'alert', hidden: '' });
  const place = element('div', { class: 'figures' });
  let asked: TheoryForm | null = null;
  const figures = createFigureList(place, {
    selection: createLayerSelection(null),
    save: (figure) => host.tell(SAVE_FIGURE, figure),
    provenance: () => (asked === null ? '' : provenanceOf(asked)),
  });
  const refuse = (reason: string): void => {
    problem.textContent = reason;
    problem.hidden = reason === '';
  };

  const ask = async (): Promise<void> => {
    const typed = form.read();
    host.keepState({ form: typed });
    asked = typed;
    const question = questionOf(typed);
    if (typeof question === 'string') {
      refuse(question);
      return;
    }
    const answer = await host.ask(ASK_THEORY, question);
    // Another question was asked meanwhile.
    if (asked !== typed) return;
    if ('problem' in answer) {
      refuse(answer.problem);
      return;
    }
    refuse('');
    const words = {
      title: l10n.t('Predicted feature weights by layer'),
      caption: l10n.t(
        'Look for features whose weight falls towards the output: an earlier layer keeps them better.',
      ),
    };
    figures.show([part(words, drawTheoryWeights, answer)]);
    document.body.dataset.drawn = String(figures.titles().length);
  };
  const change = settled(() => void ask().catch(failures.fail), SETTLE_MS);
  form.root.addEventListener('input', change);
  form.root.addEventListener('submit', (event) => event.preventDefault());

  const about = l10n.t(
    'A linear network with a spectral contrastive loss, on data whose features have these strengths, with views that add this noise to them. Each layer weights the features differently, so the layer to keep depends on the feature that your task needs.',
  );
  page.replaceChildren(
    element('h1', {}, l10n.t('Theory')),
    element('p', { class: 'about' }, about),
    form.root,
    problem,
    place,
  );
  host.onAsked(LIST_FIGURES, () => figures.titles());
  host.onAsked(EXPORT_FIGURE, figures.export);
  host.start();
  ask().catch(failures.fail);
};

openTheory(document.getElementById('panel') as HTMLElement);
