import cifar100 from '../../examples/cifar-100-coarse-to-fine.experiment.json' with { type: 'json' };
import demo from '../../examples/demo.experiment.json' with { type: 'json' };
import diagonalAbsent from '../../examples/diagonal-absent.experiment.json' with { type: 'json' };
import digitsNtXent from '../../examples/digits-on-clothes-nt-xent.experiment.json' with { type: 'json' };
import digitsReweighting from '../../examples/digits-on-clothes-reweighting.experiment.json' with {
  type: 'json',
};
import digitsSupervised from '../../examples/digits-on-clothes-supervised.experiment.json' with {
  type: 'json',
};
import digitsSupCon from '../../examples/digits-on-clothes-supervised-contrastive.experiment.json' with {
  type: 'json',
};
import imageFolder from '../../examples/image-folder-groups.experiment.json' with { type: 'json' };
import linearFour from '../../examples/linear-four-layers.experiment.json' with { type: 'json' };
import linearPopulation from '../../examples/linear-population.experiment.json' with { type: 'json' };
import linearSampled from '../../examples/linear-sampled.experiment.json' with { type: 'json' };
import linearThree from '../../examples/linear-three-layers.experiment.json' with { type: 'json' };

/** An experiment that is ready to run, or to use as a template. */
export interface Preset {
  readonly name: string;
  readonly description: string;
  /** The content of `examples/NAME.experiment.json`, as written (defaults not filled in). */
  readonly file: Readonly<Record<string, unknown>>;
}

/** The presets, with the one for beginners first. */
export const presets = (): readonly Preset[] =>
  [
    demo,
    digitsNtXent,
    digitsReweighting,
    digitsSupCon,
    digitsSupervised,
    linearPopulation,
    linearThree,
    linearFour,
    linearSampled,
    diagonalAbsent,
    cifar100,
    imageFolder,
  ].map((file) => ({ name: file.name, description: file.description, file }));
