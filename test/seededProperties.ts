import { configureGlobal } from 'fast-check';

/**
 * Property tests try the same cases on every run, so that none fails by chance. PENTIMENTO_PROPERTY_SEED takes others;
 * fast-check names the seed and the path of a case that fails.
 */
configureGlobal({ seed: Number(process.env.PENTIMENTO_PROPERTY_SEED || 20_260) });
