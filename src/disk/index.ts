export { holderOf, type Lock, refuseHeld, whileLocked } from './lock.ts';
export { heldFault, type LockedWork, type LockOwner, lockPath } from './lockOwner.ts';
export { type Bound, readBounded, readEnd, readPieces } from './readBounded.ts';
export { codeOf, isNotThere, type Reading, readFault, writeFault } from './systemErrors.ts';
export { removeAbandoned } from './temporaries.ts';
export {
  appendToFile,
  type Contents,
  makeFolder,
  makeFolderInside,
  writeAtomically,
  writeNew,
} from './writeAtomically.ts';
