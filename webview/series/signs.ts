const LETTERS: Readonly<Record<string, string>> = {
  alpha: 'α',
  beta: 'β',
  delta: 'δ',
  kappa: 'κ',
  lambda: 'λ',
  mu: 'μ',
  phi: 'φ',
  rho: 'ρ',
  sigma: 'σ',
  Sigma: 'Σ',
};

/** A letter by its name, also before an index (`sigma_1`) or an exponent, but not within a word. */
const NAMED = new RegExp(`(?<![A-Za-z])(?:${Object.keys(LETTERS).join('|')})(?![A-Za-z])`, 'g');

/**
 * A definition with signs: `sum sigma^2 / sigma_1^2` as `Σ σ² / σ₁²`. Documents and the terminal keep ASCII, so that
 * every program and font can show them.
 */
export const withSigns = (definition: string): string =>
  definition
    .replace(NAMED, (name) => LETTERS[name])
    .replace(/(?<=[α-ω])_1(?!\d)/g, '₁')
    .replace(/(?<![A-Za-z])sum(?= )/g, 'Σ')
    .replace(/\^2(?!\d)/g, '²')
    .replace(/(?<![A-Za-z])sqrt\(/g, '√(')
    .replace(/\|\|/g, '‖')
    .replace(/<=/g, '≤')
    .replace(/>=/g, '≥');
