import { shown } from '../../protocol/index.ts';
import type { ByteSource } from '../bytes/byteSource.ts';
import { openZip } from '../bytes/zip.ts';
import { CUT_SHORT, isCutShort } from '../bytes/zipEnd.ts';
import { isSeveralPickles } from '../pytorch/several.ts';
import type { ForeignFile } from './foreign.ts';
import { DCP } from './pieces.ts';

const CHECKPOINT = /\.(?:safetensors|pt|pth|bin|ckpt|onnx|h5|hdf5|keras|npz|npy|gguf)$/i;

/** What an archive that no reader recognises contains. */
const ofEntries = (names: readonly string[]): ForeignFile => {
  if (names.some((name) => /(?:^|\/)\.data\/extern_modules$/.test(name))) {
    return {
      what: 'is an archive of torch.package, which holds a program',
      remedy: 'Load the model with torch.package.PackageImporter, and save its state_dict with torch.save',
    };
  }
  if (names.some((name) => name.endsWith('MANIFEST.json') && name.includes('MAR-INF'))) {
    return { what: 'is a model archive of TorchServe', remedy: 'Unpack it and open the .pt file inside' };
  }
  const inside = names.find((name) => CHECKPOINT.test(name));
  if (inside !== undefined) {
    return { what: `is a zip archive with ${shown(inside)} inside`, remedy: 'Unpack it and open that file' };
  }
  return {
    what: `is a zip archive of ${names.length} files, none of them a checkpoint`,
    remedy: 'Unpack it and open the weights',
  };
};

const ofZip = async (source: ByteSource): Promise<ForeignFile> => {
  if (await isCutShort(source)) return CUT_SHORT;
  if (await isSeveralPickles(source)) {
    return {
      what: 'is several archives of torch.save in one, as torch.distributed.checkpoint writes',
      remedy: DCP,
    };
  }
  const entries = await openZip(source).catch(() => null);
  if (entries !== null) return ofEntries([...entries.keys()]);
  return { what: 'is a zip archive that cannot be read', remedy: 'Fetch or save it again' };
};

const ofTar = (head: string): ForeignFile => {
  const first = head.slice(0, 100).split('\0')[0];
  const inside = first === '' || first.startsWith('././@') ? '' : ` that begins with ${shown(first)}`;
  return { what: `is a tar archive${inside}`, remedy: "Unpack it ('tar -xf FILE') and open the file inside" };
};

/** An archive of other files. */
export const foreignArchive = async (head: string, source: ByteSource): Promise<ForeignFile | null> => {
  if (head.startsWith('PK\x03\x04')) return ofZip(source);
  return head.startsWith('ustar', 257) ? ofTar(head) : null;
};
