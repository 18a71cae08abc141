/**
 * When the pre-projection layer is better, expressed as conditions on the downstream feature itself (additive
 * noise). All derived from w_post(*) = phi / (phi^2 + sigma^2) < tau, with the other features, hence tau, held fixed.
 */

/** The noise sigma above which augmentation disrupts the feature so much that pre is better; 0 means at any noise. */
export const disruptiveNoise = (strength: number, tau: number): number =>
  Math.sqrt(Math.max(0, strength / tau - strength ** 2));

/** The strengths for which post is better; outside them the feature is too weak or too strong, and pre is better. */
export interface StrengthRange {
  readonly tooWeakBelow: number;
  readonly tooStrongAbove: number;
}

/**
 * tooWeakBelow, tooStrongAbove = (1 -+ sqrt(1 - 4 tau^2 sigma^2)) / (2 tau). Null when 2 tau sigma >= 1: the weight,
 * at most 1 / (2 sigma), then never exceeds tau, and post is better for no strength.
 */
export function favourableStrengths(sigma: number, tau: number): StrengthRange | null {
  const discriminant = 1 - (2 * tau * sigma) ** 2;
  if (discriminant <= 0) return null;
  const tooStrongAbove = (1 + Math.sqrt(discriminant)) / (2 * tau);
  // The product of the two roots is sigma^2; the quotient keeps the small one free of cancellation.
  return { tooWeakBelow: sigma ** 2 / tooStrongAbove, tooStrongAbove };
}
