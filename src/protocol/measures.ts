/**
 * Keys of the measures of a layer's representations in `analysis.json`, in `measures` and `inequality`. Each has a definition
 * in `src/inspect/definitions.ts` and words in `webview/series/measures.ts`, which the compiler checks.
 */
export type RepresentationMeasure =
  | 'rankMe'
  | 'effectiveRank'
  | 'participationRatio'
  | 'stableRank'
  | 'alphaReq'
  | 'lidar'
  | 'alignment'
  | 'uniformity'
  | 'stdOfNormalised'
  | 'nc1'
  | 'nc2Norms'
  | 'nc2Angles'
  | 'nc3'
  | 'nc4'
  | 'effectiveNumber'
  | 'gini';
