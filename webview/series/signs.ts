const LETTERS: ReadonlyMap<string, string> = new Map([
  ['alpha', 'α'],
  ['beta', 'β'],
  ['delta', 'δ'],
  ['kappa', 'κ'],
  ['lambda', 'λ'],
  ['mu', 'μ'],
  ['phi', 'φ'],
  ['rho', 'ρ'],
  ['sigma', 'σ'],
  ['Sigma', 'Σ'],
]);

/**
 * A definition with signs: `sum sigma^2 / sigma_1^2` as `Σ σ² / σ₁²`. Documents and the terminal keep ASCII, so that
 * every program and font can show them.
 */
export const withSigns = (definition: string): string =>
  definition
    // Whole words, also before an index (`sigma_1`) or an exponent.
    .replace(/[A-Za-z]+/g, (word) => LETTERS.get(word) ?? word)
    .replace(/(?<=[α-ω])_1(?!\d)/g, '₁')
    .replace(/(?<![A-Za-z])sum(?= )/g, 'Σ')
    .replace(/\^2(?!\d)/g, '²')
    .replace(/(?<![A-Za-z])sqrt\(/g, '√(')
    .replace(/\|\|/g, '‖')
    .replace(/<=/g, '≤')
    .replace(/>=/g, '≥');
