import { configureGlobal } from 'fast-check';

/**
 * Property tests use the same cases on every run, so that none fails by chance. PENTIMENTO_PROPERTY_SEED selects
 * others; fast-check names the seed and the path of a failing case.
 */
configureGlobal({ seed: Number(process.env.PENTIMENTO_PROPERTY_SEED || 20_260) });
