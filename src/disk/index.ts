export { leadsOut } from './leadsOut.ts';
export { holderOf, type Lock, refuseHeld, whileLocked } from './lock.ts';
export { heldFault, type LockOwner } from './lockOwner.ts';
export { type Bound, readBounded, readEnd, readPieces } from './readBounded.ts';
export { codeOf, isNotThere, readFault, writeFault } from './systemErrors.ts';
export { removeAbandoned } from './temporaries.ts';
export {
  appendToFile,
  makeFolder,
  makeFolderInside,
  writeAtomically,
  writeNew,
} from './writeAtomically.ts';
