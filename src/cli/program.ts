import { Command } from 'commander';
import { visibleLine } from '../protocol/index.ts';
import {
  backendOption,
  convolutionOption,
  criterionOption,
  globOption,
  inspectEveryOption,
  jsonOption,
  layersOption,
  listOption,
  optionalListOption,
  reportFormatOption,
  seedOption,
  stateOption,
  threadsOption,
  weightDecayOption,
  withinOption,
} from './options.ts';
import { printUsage, say } from './terminal.ts';

const LAYER = 'name of a layer, as `inspect` lists it';

/** The message of commander about wrong arguments, as one line in the form of our own faults. */
const usageMessage = (text: string): string => {
  const [first, ...others] = text.trim().split('\n');
  const said = [first.replace(/^error: /, ''), ...others.map((line) => line.trim())].join(' ');
  return visibleLine(`${said.endsWith('.') ? said.slice(0, -1) : said}. Add --help for the options.`);
};

/**
 * The command line: exit 0 done, 1 a run failed, 2 bad input. A command loads when it runs: all of them together take three
 * times as long to load as one that reads a document.
 */
export function createProgram(version: string): Command {
  const program = new Command('pentimento')
    .description('Look inside the layers of a neural network and choose the one to keep.')
    .version(version)
    .configureOutput({ writeOut: printUsage, outputError: (text) => say(usageMessage(text)) });

  addTraining(program);
  addLayerChoice(program);
  addHandOver(program);
  addSnippets(program);
  addCheckpointsAndTheory(program);
  return program;
}

function addTraining(program: Command): void {
  program
    .command('train')
    .description('train an experiment into a run folder')
    .argument('<file>', 'an experiment file (*.experiment.json)')
    .option('--out <folder>', 'run folder (default: .pentimento/runs/NAME-seedN)')
    .addOption(seedOption())
    .option('--resume', 'continue from the latest state in the run folder')
    .addOption(inspectEveryOption())
    .addOption(backendOption())
    .addOption(threadsOption())
    .addOption(jsonOption())
    .action(async (file, options) => (await import('./trainCommand.ts')).trainCommand(file, options));

  program
    .command('inspect')
    .description(
      'analyse every layer of a run, a recording or a model: spectra, feature weights, similarity, probes',
    )
    .argument(
      '<what>',
      'a run folder, an inspection file (*.inspection.json), recorded activations (a file, or a folder of files), or an ONNX model',
    )
    .option(
      '--experiment <file>',
      'use the layers, pooling, tasks, probes, groups and shifts of this experiment file',
    )
    .option(
      '--baselines',
      'also probe an untrained encoder (default: if that costs less than a tenth of the training)',
    )
    .option('--no-baselines', 'do not probe an untrained encoder')
    .option(
      '--data <path>',
      'of an ONNX model: a folder of images, a table of texts (.csv, .jsonl), or a file of arrays by the names of its inputs (.npz)',
    )
    .option('--tokenizer <file>', 'of a model of text: its tokenizer.json (default: the one beside it)')
    .option(
      '--out <folder>',
      'of a recording or model: folder for the results (default: .pentimento/inspections/NAME)',
    )
    .addOption(stateOption())
    .addOption(backendOption())
    .addOption(threadsOption())
    .addOption(jsonOption())
    .action(async (what, options) => (await import('./inspectCommand.ts')).inspectCommand(what, options));
}

function addLayerChoice(program: Command): void {
  program
    .command('recommend')
    .description('recommend a layer for a downstream task, with the evidence')
    .argument(
      '<run...>',
      'folder of a run or an inspection; several runs, to see how often each layer wins over seeds',
    )
    .option('--task <name>', 'downstream task (default: the first)')
    .option('--method <name>', 'probe, one of those that the experiment asks for, such as knn')
    .option('--on <name>', 'rank and report on this test set: test, or the name of a shift')
    .addOption(criterionOption())
    .addOption(withinOption())
    .addOption(stateOption())
    .addOption(jsonOption())
    .action(async (runs, options) => (await import('./recommendCommand.ts')).recommendCommand(runs, options));
}

function addHandOver(program: Command): void {
  program
    .command('export')
    .description('write the model up to a layer as ONNX, including its preprocessing and pooling')
    .argument('<run>', 'folder of a run, or of an inspection of an ONNX model')
    .requiredOption('--layer <name>', LAYER)
    .requiredOption('--out <file.onnx>', 'file to write')
    .addOption(stateOption())
    .addOption(threadsOption())
    .addOption(jsonOption())
    .action(async (run, options) => (await import('./exportCommand.ts')).exportCommand(run, options));

  program
    .command('fit')
    .description(
      'fit the final classifier of a task on a layer, and write both as one ONNX model with a model card',
    )
    .argument('<run>', 'folder of a run or an inspection')
    .option('--task <name>', 'downstream task (default: the first)')
    .option('--layer <name>', `${LAYER} (default: the recommended one)`)
    .requiredOption('--out <file.onnx>', 'file to write; the model card is beside it (.md)')
    .addOption(stateOption())
    .addOption(backendOption())
    .addOption(threadsOption())
    .addOption(jsonOption())
    .action(async (run, options) => (await import('./fitCommand.ts')).fitCommand(run, options));

  program
    .command('embed')
    .description('write the representations of a data set at a layer as .npz, or a recording of all layers')
    .argument('<run>', 'folder of a run or an inspection')
    .option('--layer <name>', LAYER)
    .option(
      '--data <spec>',
      'train, validation, test, a shift; of a run, a data description (JSON or the path of a JSON file); of an inspection, all, or for a model other data of the same kind',
    )
    .option(
      '--all-layers',
      'write every layer, split, label and view, as `inspect` reads recordings (.safetensors)',
    )
    .requiredOption('--out <file>', 'file to write')
    .addOption(stateOption())
    .addOption(backendOption())
    .addOption(threadsOption())
    .addOption(jsonOption())
    .action(async (run, options) => (await import('./embedCommand.ts')).embedCommand(run, options));

  program
    .command('report')
    .description('write one self-contained HTML page with the figures of a run, or a table for a paper')
    .argument('<run...>', 'run folders that were inspected; several, of different seeds, for a table')
    .addOption(reportFormatOption())
    .option('--out <file>', 'file to write (default: report.html in the run folder; a table is printed)')
    .addOption(stateOption())
    .addOption(jsonOption())
    .action(async (runs, options) => (await import('./reportCommand.ts')).reportCommand(runs, options));
}

function addSnippets(program: Command): void {
  program
    .command('snippet')
    .description('print code to copy')
    .command('record')
    .description('print Python that records activations of a model, for inspect')
    .requiredOption(
      '--for <framework>',
      'torch, transformers, sentence-transformers, timm, torchvision, nnsight, transformer-lens, keras or jax',
    )
    .option('--layer <name>', 'record this layer alone, once it is chosen')
    .addOption(jsonOption())
    .action(async (options) => (await import('./snippetCommand.ts')).recordSnippetCommand(options));
}

function addCheckpointsAndTheory(program: Command): void {
  program
    .command('spectra')
    .description('compute singular values and rank measures of the weight matrices of a checkpoint')
    .argument(
      '<file>',
      'a checkpoint: safetensors, PyTorch, ONNX, Keras, GGUF, npy, npz, TensorFlow.js, or an index of shards',
    )
    .addOption(globOption())
    .addOption(convolutionOption())
    .option('--approx', 'estimate the singular values, with error bounds, instead of computing all of them')
    .addOption(jsonOption())
    .action(async (file, options) => (await import('./spectraCommand.ts')).spectraCommand(file, options));

  program
    .command('theory')
    .description('compute the feature weights that theory predicts for a linear model, and the layer to keep')
    .addOption(listOption('--strengths <list>', 'strength of each feature, separated by commas: 0.3,0.6,1'))
    .addOption(listOption('--noise <list>', 'augmentation noise of each feature, separated by commas'))
    .addOption(layersOption())
    .addOption(optionalListOption('--drop <list>', 'probability that augmentation sets each feature to 0'))
    .addOption(
      optionalListOption('--resample <list>', 'probability that augmentation draws each feature again'),
    )
    .option('--one-view', 'augment only the first of the two views', false)
    .addOption(weightDecayOption())
    .addOption(
      optionalListOption(
        '--downstream <list>',
        'strength of each feature in the downstream data, if it differs',
      ),
    )
    .addOption(jsonOption())
    .action(async (options) => (await import('./theoryCommand.ts')).theoryCommand(options));
}
