import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PANEL_PAGES } from '../../../extension/panels/panelPages.ts';
import { namedFiles, PACKAGED } from '../../../scripts/package/manifest.mjs';

interface MenuItem {
  readonly command: string;
  readonly when: string;
}
interface Contributions {
  readonly commands: readonly { readonly command: string }[];
  readonly menus: Readonly<Record<string, readonly MenuItem[]>>;
  readonly views: Readonly<Record<string, readonly { readonly id: string }[]>>;
  readonly viewsContainers: { readonly activitybar: readonly { readonly id: string }[] };
  readonly viewsWelcome: readonly { readonly view: string; readonly when: string }[];
  readonly configuration: { readonly properties: Readonly<Record<string, { readonly default: unknown }>> };
  readonly walkthroughs: readonly {
    readonly id: string;
    readonly steps: readonly { readonly id: string; readonly completionEvents: readonly string[] }[];
  }[];
}
interface Manifest {
  readonly [key: string]: unknown;
  readonly name: string;
  readonly publisher: string;
  readonly icon: string;
  readonly activationEvents: readonly string[];
  readonly files: readonly string[];
  readonly capabilities: {
    readonly untrustedWorkspaces: { readonly restrictedConfigurations: readonly string[] };
  };
  readonly contributes: Contributions;
}

const manifestText = readFileSync('package.json', 'utf8');
const nlsText = readFileSync('package.nls.json', 'utf8');
const manifest = JSON.parse(manifestText) as Manifest;
const nls = JSON.parse(nlsText) as Record<string, string>;
const { contributes } = manifest;

const sources = readdirSync('extension', { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => readFileSync(join('extension', file), 'utf8'));
const source = sources.join('\n');

const sorted = (all: Iterable<string>): string[] => [...new Set(all)].sort();
const matches = (text: string, pattern: RegExp): string[] =>
  sorted([...text.matchAll(pattern)].map(([, found]) => found));

const contributed = sorted(contributes.commands.map(({ command }) => command));
const views = Object.values(contributes.views)
  .flat()
  .map(({ id }) => id);
const settings = sorted(Object.keys(contributes.configuration.properties));
const menuItems = Object.values(contributes.menus).flat();
const conditions = [...menuItems, ...contributes.viewsWelcome].map(({ when }) => when);

/** The keys of the table of handlers, each of which is registered with the prefix `pentimento.`. */
const registered = (): string[] => {
  const [, table] = /const handlers = [^{]*\{\n([\s\S]*?)\n\}\);/.exec(
    readFileSync('extension/commands/index.ts', 'utf8'),
  )!;
  return matches(table, /^ {2}(\w+)\b/gm).map((name) => `pentimento.${name}`);
};

describe('texts of the manifest', () => {
  it('has an entry for every key, and a use for every entry', () => {
    expect(matches(manifestText, /"%([^"%]+)%"/g)).toEqual(sorted(Object.keys(nls)));
  });

  it('takes every text that is shown from them', () => {
    const shown = ['title', 'description', 'markdownDescription', 'name', 'contents', 'altText', 'category'];
    shown.push('accessibilityHelpContent');
    const bare = (value: unknown): string[] =>
      typeof value !== 'object' || value === null
        ? []
        : Object.entries(value).flatMap(([key, inner]) =>
            shown.includes(key) && typeof inner === 'string' && !/^%.+%$/.test(inner) ? [inner] : bare(inner),
          );
    expect(bare([contributes, manifest.capabilities])).toEqual([]);
  });

  it('leaves no text empty or with loose ends', () => {
    expect(Object.values(nls).filter((text) => text === '' || text !== text.trim())).toEqual([]);
  });
});

describe('commands', () => {
  it('are those that the extension registers', () => {
    expect(contributed).toEqual(registered());
  });

  it('exist wherever menus name them, and are in the palette under a condition or always', () => {
    expect(sorted(menuItems.map(({ command }) => command).filter((id) => !contributed.includes(id)))).toEqual(
      [],
    );
    const hidden = contributes.menus.commandPalette.filter(({ when }) => when === 'false');
    expect(sorted(hidden.map(({ command }) => command))).toEqual([
      'pentimento.highlightLayer',
      'pentimento.showFault',
    ]);
  });

  it('exist wherever links and the walkthrough name them', () => {
    const focus = views.map((id) => `${id}.focus`);
    const linked = matches(nlsText, /(?:\(command:|<keybinding:)(pentimento\.[\w.]+)/g);
    expect(linked.length).toBeGreaterThan(0);
    expect(linked.filter((id) => ![...contributed, ...focus].includes(id))).toEqual([]);
  });

  it('complete a step of the walkthrough when they succeed: the extension says which', () => {
    const steps = contributes.walkthroughs.flatMap((walkthrough) => walkthrough.steps);
    expect(steps.map(({ id, completionEvents }) => [id, completionEvents])).toEqual(
      steps.map(({ id }) => [id, [`onContext:pentimento.tour.${id}`]]),
    );
    const completed = matches(source, /completeStep\('(\w+)'\)/g);
    expect([...new Set(completed)]).toEqual(sorted(steps.map(({ id }) => id)));
  });

  it('are those that the extension calls', () => {
    const called = matches(source, /(?:executeCommand\(|command: )'(pentimento\.[\w.]+)'/g);
    const focus = views.map((id) => `${id}.focus`);
    expect(called.filter((id) => ![...contributed, ...focus].includes(id))).toEqual([]);
  });
});

describe('conditions', () => {
  it('use only keys that the extension sets', () => {
    const prefixed = conditions.map((when) => when.replace(/\/(?:\\.|[^/])*\//g, ''));
    const keys = matches(prefixed.join('\n'), /(?<![=!]= )\b(pentimento\.\w+)/g).filter(
      (key) => !views.includes(key),
    );
    const setters = sources.filter((text) => text.includes("'setContext'"));
    const quoted = setters.flatMap((text) => matches(text, /'(?:pentimento\.)?(\w+)'/g));
    expect(keys.length).toBeGreaterThan(0);
    expect(keys.filter((key) => !quoted.includes(key.replace('pentimento.', '')))).toEqual([]);
  });

  // VS Code shows an item always if it cannot read its condition.
  it('use no operator that VS Code does not have', () => {
    const bare = conditions.map((when) => when.replace(/\/(?:\\.|[^/])*\/i?/g, ''));
    expect(bare.filter((when) => /!~|[^=!<>]=[^=~]|(?<!&)&(?!&)|(?<!\|)\|(?!\|)/.test(when))).toEqual([]);
  });

  it('name views that there are, in a container that there is', () => {
    const named = matches(conditions.join('\n'), /\bview == ([\w.]+)/g);
    expect(
      [...named, ...contributes.viewsWelcome.map(({ view }) => view)].every((id) => views.includes(id)),
    ).toBe(true);
    expect(Object.keys(contributes.views)).toEqual(
      contributes.viewsContainers.activitybar.map(({ id }) => id),
    );
  });

  it('have regular expressions that compile and that fit some item of the tree', () => {
    const items = ['finished', 'unfinished'].flatMap((end) => [`run.${end}.analysed`, `run.${end}.raw`]);
    items.push('run.damaged', 'state.analysed', 'state.raw', 'layer', 'model');
    const patterns = matches(conditions.join('\n'), /viewItem =~ \/((?:\\.|[^/])+)\//g);
    expect(patterns.length).toBeGreaterThan(0);
    expect(patterns.filter((pattern) => !items.some((item) => new RegExp(pattern).test(item)))).toEqual([]);
  });

  it('offer on an item what suits it', () => {
    const offered = (viewItem: string) =>
      sorted(
        contributes.menus['view/item/context']
          .filter(({ when }) => {
            const [, pattern] = /viewItem =~ \/((?:\\.|[^/])+)\//.exec(when) ?? [];
            return pattern === undefined
              ? when.includes(`viewItem == ${viewItem}`)
              : new RegExp(pattern).test(viewItem) || when.includes(`viewItem == ${viewItem}`);
          })
          .map(({ command }) => command.replace('pentimento.', '')),
      );
    const figures = ['openFeatureWeights', 'openProbes', 'openSimilarity', 'openSpectra'];
    const always = ['annotateRun', 'deleteRun', 'revealRun'];
    const folder = [...always, 'duplicateRun', 'renameRun'];
    expect(offered('run.damaged')).toEqual(sorted(folder));
    expect(offered('run.empty.raw')).toEqual(sorted([...folder, 'openExperiment']));
    expect(offered('run.unfinished.raw')).toEqual(sorted([...folder, 'inspect', 'openExperiment', 'resume']));
    // A training writes to its folder.
    expect(offered('run.running.raw')).toEqual(sorted([...always, 'inspect', 'openExperiment']));
    expect(offered('run.finished.analysed')).toEqual(
      sorted([
        ...figures,
        ...folder,
        'chooseLayer',
        'compareRuns',
        'exportReport',
        'inspect',
        'openExperiment',
        'openRunMeans',
      ]),
    );
    expect(offered('state.raw')).toEqual(['inspect']);
    expect(offered('state.analysed')).toEqual(sorted([...figures, 'exportReport', 'inspect']));
    const handOver = ['chooseLayer', 'copyLayerCode', 'exportClassifier', 'exportEmbeddings', 'exportLayer'];
    expect(offered('layer')).toEqual(handOver);
    expect(offered('layer.model')).toEqual(handOver);
    // A recording has no model to export, but code that records the layer.
    expect(offered('layer.recording')).toEqual([
      'chooseLayer',
      'copyLayerCode',
      'exportClassifier',
      'exportEmbeddings',
    ]);
    expect(offered('model')).toEqual(['chooseCheckpointLayer', 'compareCheckpoints', 'openCheckpointPanel']);
  });
});

describe('settings', () => {
  it('are those that the extension reads', () => {
    const reading = sources.filter((text) => text.includes('getConfiguration(')).join('\n');
    const names = settings.map((id) => id.replace('pentimento.', ''));
    expect(names.filter((name) => !new RegExp(`'(pentimento\\.)?${name}'`).test(reading))).toEqual([]);
    const read = matches(reading, /\.get(?:<[^>]*>)?\(\s*'([\w.]+)'/g);
    expect(read.filter((name) => !names.includes(name))).toEqual([]);
  });

  it('have a row in the documentation, with their default', () => {
    const rows = readFileSync('docs/extension.md', 'utf8').matchAll(
      /^\| `(pentimento\.[\w.]+)` \| ([^|]+) \|/gm,
    );
    const documented = [...rows].map(([, id, value]) => [id, value.replaceAll('`', '')]);
    const defaults = Object.entries(contributes.configuration.properties).map(([id, property]) => [
      id,
      String(property.default),
    ]);
    expect(documented).toEqual(defaults);
  });

  it('linked or restricted are there', () => {
    const linked = matches(nlsText, /`#(pentimento\.[\w.]+)#`/g);
    const { restrictedConfigurations } = manifest.capabilities.untrustedWorkspaces;
    expect([...linked, ...restrictedConfigurations].filter((id) => !settings.includes(id))).toEqual([]);
  });
});

describe('files', () => {
  it('are there, or built', () => {
    const files = namedFiles(manifest).filter((file) => !file.startsWith('dist/'));
    expect(files.filter((file) => !existsSync(file))).toEqual([]);
    expect(existsSync(`${manifest.l10n}`)).toBe(true);
  });

  it('are shipped as the packages are staged', () => {
    expect(sorted(manifest.files)).toEqual(sorted(PACKAGED));
  });

  it('has an icon of 128 by 128 pixels', () => {
    const png = readFileSync(manifest.icon);
    expect(png.subarray(1, 4).toString('latin1')).toBe('PNG');
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([128, 128]);
  });

  it('draws the walkthrough without what its page blocks', () => {
    const drawings = namedFiles(manifest).filter((file) => /^media\/walkthrough\/.*\.svg$/.test(file));
    expect(drawings.length).toBeGreaterThan(0);
    const blocked = drawings.filter((file) => /<style|style=|<script|href=/.test(readFileSync(file, 'utf8')));
    expect(blocked).toEqual([]);
  });
});

describe('activation and links', () => {
  it('restores every panel, and is woken by nothing else than contributions', () => {
    expect(manifest.activationEvents).toEqual([
      ...PANEL_PAGES.map((page) => `onWebviewPanel:pentimento.${page}`),
      'onWebviewPanel:pentimento.checkpointPanel',
      'workspaceContains:.pentimento/show.json',
      // For lines of code that name a checkpoint: a workspace without any never activates it for them.
      'workspaceContains:**/*.{pt,pth,ckpt,onnx,h5,keras,gguf}',
      'workspaceContains:*.safetensors',
      'workspaceContains:*/*.safetensors',
      'workspaceContains:*/*/*.safetensors',
    ]);
  });

  it('links to the walkthrough that there is', () => {
    const targets = matches(nlsText, /workbench\.action\.openWalkthrough\?([^)]+)\)/g);
    const ids = contributes.walkthroughs.map(({ id }) => `${manifest.publisher}.${manifest.name}#${id}`);
    expect(targets.map((target) => JSON.parse(decodeURIComponent(target)))).toEqual([ids]);
  });
});
