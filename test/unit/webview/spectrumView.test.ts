import { describe, expect, it } from 'vitest';
import type { Analysis, LayerAnalysis } from '../../../src/protocol/index.ts';
import { describeSpectrum, summariseSpectra } from '../../../webview/series/describeSpectrum.ts';
import { type SpectrumSettings, spectrumView } from '../../../webview/series/spectrumView.ts';
import { inventedImageReport } from './inventedReport.ts';

const settings: SpectrumSettings = {
  kind: 'uncentred',
  view: 'overlay',
  relative: false,
  logX: true,
  logY: false,
  baseline: false,
};
const { analysis } = inventedImageReport();
const withLayers = (...layers: Partial<LayerAnalysis>[]): Analysis => ({
  ...analysis,
  layers: layers.map((layer) => ({ ...analysis.layers[1], ...layer })),
});

describe('spectrumView', () => {
  it('has axes that hold every value, also those of the noise', () => {
    // A flat spectrum: noise of the same norm, 20, and shape, 4 x 4, reaches 2 * 20 / sqrt(4).
    const flat = withLayers({ singularValues: [10, 10, 10, 10], samples: 4, dimensions: 4 });
    expect(spectrumView(flat, settings)?.domainY).toEqual([0, 10.2]);
    const top = spectrumView(flat, { ...settings, baseline: true })?.domainY[1] ?? 0;
    expect(top).toBeGreaterThan(15);
    expect(top).toBeLessThan(1.02 * 20);
  });

  it('divides noise by the largest value of the layer, not by its own', () => {
    const spiked = withLayers({ singularValues: [30, 0, 0, 0], samples: 4, dimensions: 4 });
    const plain = spectrumView(spiked, { ...settings, baseline: true })?.baseline(0);
    const relative = spectrumView(spiked, { ...settings, baseline: true, relative: true })?.baseline(0);
    expect(relative?.value(1)).toBeCloseTo((plain?.value(1) ?? 0) / 30, 12);
  });

  it('gives the noise an energy that ends at 1', () => {
    const view = spectrumView(analysis, { ...settings, baseline: true, view: 'energy' });
    const curve = view?.baseline(1);
    expect(curve?.value(curve.count)).toBe(1);
    expect(view?.domainY).toEqual([0, 1]);
  });

  it('says what k is, and whether the ends of the lines tell them apart', () => {
    const view = spectrumView(analysis, settings);
    expect(view?.indices[0]).toBe('index k of the singular value, largest first');
    expect(view?.endsDiffer).toBe(true);
    const correlation = spectrumView(analysis, { ...settings, kind: 'view-correlation' });
    expect(correlation?.indices[0]).toBe('index k of the view correlation, largest first');
    expect(spectrumView(analysis, { ...settings, view: 'energy' })?.endsDiffer).toBe(false);
  });

  it('ends a log axis at the least value that is not zero but for rounding, and is nothing without values', () => {
    const steep = withLayers({ singularValues: [1, 1e-3, 1e-12] });
    // 1e-12 is zero except for rounding, and 2e-7 is not.
    expect(spectrumView(steep, { ...settings, logY: true })?.domainY[0]).toBeCloseTo(9e-4, 12);
    const deep = withLayers({ singularValues: [1, 2e-7, 1e-12] });
    expect(spectrumView(deep, { ...settings, logY: true })?.domainY[0]).toBeCloseTo(1.8e-7, 12);
    expect(spectrumView(withLayers({ singularValues: [0, 0] }), settings)).toBeNull();
    expect(
      spectrumView(withLayers({ viewCorrelation: [] }), { ...settings, kind: 'view-correlation' }),
    ).toBeNull();
  });
});

describe('describeSpectrum', () => {
  it('counts what stands out of noise when that is shown', () => {
    // Norm 11, shape 100 x 4: the edge is 11 / 2 (1 + 1 / 5) = 6.6.
    const [layer] = withLayers({
      name: 'conv',
      singularValues: [8, 7, 2, 2],
      samples: 100,
      dimensions: 4,
    }).layers;
    expect(describeSpectrum(layer, { kind: 'uncentred', baseline: true })).toBe(
      'conv: 4 values from 8 to 2; the first 2 hold 90 % of the energy; 2 are above the upper edge of the random baseline, 6.6 (100 samples).',
    );
    expect(describeSpectrum(layer, { kind: 'uncentred', baseline: false })).not.toContain('baseline');
  });

  it('names only the ends of many layers', () => {
    const many = withLayers(...Array.from({ length: 40 }, (_, index) => ({ name: `layer ${index}` })));
    const summary = summariseSpectra(many, settings);
    expect(summary).toContain('40 layers');
    expect(summary).toContain('First layer 0:');
    expect(summary).toContain('Last layer 39:');
    expect(summary).not.toContain('layer 20');
    expect(summariseSpectra(analysis, settings)).toContain('encoder.conv3:');
  });
});
