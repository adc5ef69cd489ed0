import { JUPYTER_ROOT } from '../api';
import type { IDataTarget, ILook } from '../tokens';

/** What notebooks store of a view; `jupyterlab_savu.client.view` writes it. */
export const VIEW_MIME = 'application/vnd.jupyterlab-savu.view+json';

/** The newest form that is understood. */
const VERSION = 1;

/** Pixels. */
export const HEIGHTS = { least: 200, usual: 480, most: 2000 } as const;

/** A view that a notebook stores. */
export interface IStoredView {
  target: IDataTarget;
  height: number;
  /** Contrast and region to begin with. */
  look: Partial<ILook>;
  /** What the kernel calls it; null where it knows nothing of it. */
  name: string | null;
}

/** The stored view; `newer` for one that a later version wrote, null for anything else. */
export function readView(stored: unknown): IStoredView | 'newer' | null {
  if (typeof stored !== 'object' || stored === null) {
    return null;
  }
  const told = stored as Readonly<Record<string, unknown>>;
  if (typeof told.version !== 'number' || typeof told.path !== 'string') {
    return null;
  }
  if (told.version > VERSION) {
    return 'newer';
  }
  return {
    target: {
      root: text(told.root) ?? JUPYTER_ROOT,
      path: told.path,
      dataset: text(told.dataset),
      plane: text(told.plane)
    },
    height:
      typeof told.height === 'number' && Number.isFinite(told.height)
        ? limited(told.height)
        : HEIGHTS.usual,
    look: readLook({ contrast: told.contrast, region: told.region }),
    name: text(told.view)
  };
}

/** What is understood of a look that Python tells. */
export function readLook(
  told: Readonly<Record<string, unknown>>
): Partial<ILook> {
  const [dataset, plane] = [text(told.dataset), text(told.plane)];
  const contrast = numbers<[number, number]>(told.contrast, 2);
  const region = numbers<[number, number, number, number]>(told.region, 4);
  return {
    ...(dataset && { dataset }),
    ...(plane && { plane }),
    ...(contrast && { contrast }),
    ...(typeof told.automatic === 'boolean' && { automatic: told.automatic }),
    ...((region || told.region === null) && { region })
  };
}

function numbers<T extends readonly number[]>(
  told: unknown,
  count: number
): T | null {
  return Array.isArray(told) &&
    told.length === count &&
    told.every(number => Number.isFinite(number))
    ? (told as unknown as T)
    : null;
}

/** A height that can be used. */
export function limited(height: number): number {
  return Math.round(Math.max(HEIGHTS.least, Math.min(HEIGHTS.most, height)));
}

/** Whether both show the same, at whatever height. */
export function isSame(one: IStoredView, other: IStoredView): boolean {
  return JSON.stringify(one.target) === JSON.stringify(other.target);
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
