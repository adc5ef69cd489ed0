import type { TranslationBundle } from '@jupyterlab/translation';

import type { SliceModel } from './model';
import { download } from '../../download';
import { fill } from './drawing';
import { paint } from './painter';
import { planeText } from './planes';

/** Where the slices come from, for what refers to them. */
export interface ISaveContext {
  /** The name of the file, without folders. */
  name: string;
  /** Python that reads the given plane; null where Python cannot. */
  python: ((path: string, plane: string) => string) | null;
  /** The address that opens the dataset at the plane; null where there is none. */
  link: ((path: string, plane: string) => Promise<string>) | null;
}

/** One way to take a slice along; it answers what to tell the user, if anything. */
export interface ISaver {
  label: string;
  run: () => Promise<string | null>;
}

export function savers(
  model: SliceModel,
  { name, python, link }: ISaveContext,
  trans: TranslationBundle
): ISaver[] {
  const { path } = model.volume;
  const stem = name.replace(/\.[^.]*$/, '');
  const plane = model.drawnPlane ?? model.plane;
  const file = `${stem}_${planeText(plane).replaceAll(':', 'x').replaceAll(',', '-')}`;
  const values = (format: 'npy' | 'tiff') => async () => {
    const blob = await model.source.file(path, plane, format);
    download(blob, `${file}.${format === 'tiff' ? 'tif' : format}`);
    return model.slice?.missing.length
      ? trans.__('What is not written yet was saved as it lies in the file.')
      : null;
  };
  const copied = async (text: string) => {
    await navigator.clipboard.writeText(text);
    return trans.__('Copied.');
  };
  const all: ISaver[] = [
    {
      label: trans.__('Save Picture (PNG)'),
      run: async () => {
        download(await picture(model), `${file}.png`);
        return null;
      }
    },
    { label: trans.__('Save Values (TIFF)'), run: values('tiff') },
    { label: trans.__('Save Values (NumPy)'), run: values('npy') },
    {
      label: trans.__('Copy Picture'),
      run: async () => {
        const blob = await picture(model);
        await navigator.clipboard.write([
          new ClipboardItem({ [blob.type]: blob })
        ]);
        return trans.__('Copied.');
      }
    }
  ];
  if (python) {
    all.push({
      label: trans.__('Copy as Python'),
      run: () => copied(python(path, planeText(plane)))
    });
  }
  if (link) {
    all.push({
      label: trans.__('Copy Link'),
      run: async () => copied(await link(path, planeText(plane)))
    });
  }
  return all;
}

/** The slice in its colours, a pixel a value. */
async function picture(model: SliceModel): Promise<Blob> {
  const { slice, colours } = model;
  if (!slice) {
    throw new Error('There is no picture yet.');
  }
  const canvas = document.createElement('canvas');
  fill(canvas, paint(slice, colours), slice.columns, slice.rows);
  return new Promise((resolve, reject) =>
    canvas.toBlob(blob =>
      blob ? resolve(blob) : reject(new Error('The picture is too large.'))
    )
  );
}
