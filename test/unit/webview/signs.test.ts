import { expect, it } from 'vitest';
import { definitionsOf, POPULATION_DEFINITIONS } from '../../../src/inspect/definitions.ts';
import { WEIGHT_DEFINITIONS } from '../../../src/protocol/index.ts';
import { withSigns } from '../../../webview/series/signs.ts';

it.each([
  ['sum sigma^2 / sigma_1^2', 'Σ σ² / σ₁²'],
  ['exp(-sum p ln p), p = sigma / sum sigma', 'exp(-Σ p ln p), p = σ / Σ σ'],
  ['density ~ lambda^-alpha for lambda >= xmin', 'density ~ λ^-α for λ ≥ xmin'],
  ['sqrt(tr Sigma_B(layer) / tr Sigma_B(input))', '√(tr Σ_B(layer) / tr Σ_B(input))'],
  [
    "mean |cos(m_c, m_c') + 1/(K - 1)|, m_c = mu_c - mean",
    "mean |cos(m_c, m_c') + 1/(K - 1)|, m_c = μ_c - mean",
  ],
  ['||beta(layer)|| / ||beta(input)||', '‖β(layer)‖ / ‖β(input)‖'],
  ['|error| <= delta / sigma', '|error| ≤ δ / σ'],
])('%s is shown as %s', (definition, shown) => {
  expect(withSigns(definition)).toBe(shown);
});

it('leaves words, other powers and other indices alone', () => {
  const plain = 'summary of alphabetical sigmas, x^20, E[r r^T], w_(i), eig_12';
  expect(withSigns(plain)).toBe(plain);
});

it('leaves no name of a letter in any definition', () => {
  const all = [
    ...Object.values(WEIGHT_DEFINITIONS),
    ...Object.values(POPULATION_DEFINITIONS),
    ...Object.values(definitionsOf({ pairs: 3, objects: 3, viewsPerObject: 2 })),
  ];
  const named = /(?<![A-Za-z])(?:sigma|Sigma|lambda|alpha|beta|phi|rho|mu|delta|sqrt|sum)(?![A-Za-z])|\|\|/;
  expect(all.map(withSigns).filter((text) => named.test(text))).toEqual([]);
});
