import type { TranslationBundle } from '@jupyterlab/translation';

import type { IVolume } from '../../api';

/** Two axes of a dataset, at an index of each other axis. */
export interface IPlane {
  /** The axes of the rows and the columns. */
  shown: readonly [number, number];
  /** The axis along which one steps; null when only two axes are there. */
  walk: number | null;
  /** An index for each axis; those of the shown ones wait until they are needed again. */
  at: readonly number[];
}

/** A plane that can be chosen. */
export interface IPlaneChoice {
  /** Savu's name of the pattern, or the two axes. */
  name: string;
  label: string;
  shown: readonly [number, number];
  walk: number | null;
}

/**
 * The planes of a dataset: those with names, of which the most telling one is the first, then all
 * other pairs of axes.
 */
export function choices(
  volume: IVolume,
  trans: TranslationBundle
): IPlaneChoice[] {
  const count = volume.shape.length;
  const named = volume.patterns.map(({ name, shown }) => ({
    name,
    shown: [shown[0], shown[1]] as const
  }));
  for (let row = 0; row < count; row++) {
    for (let column = row + 1; column < count; column++) {
      if (!named.some(({ shown: [r, c] }) => r === row && c === column)) {
        const name = `${axisName(volume, row, trans)} × ${axisName(volume, column, trans)}`;
        named.push({ name, shown: [row, column] });
      }
    }
  }
  if (volume.patterns.length === 0) {
    // The last two axes of a stack are its images.
    const [row, column] = [count - 2, count - 1];
    named.sort(
      (one, other) =>
        Number(other.shown[0] === row && other.shown[1] === column) -
        Number(one.shown[0] === row && one.shown[1] === column)
    );
  }
  return named.map(({ name, shown }) => ({
    name,
    label: patternLabel(name, trans),
    shown,
    walk: walkOf(volume, shown)
  }));
}

/** The longest of the axes that are not shown, the first of equals; tuned ones only at last. */
function walkOf(
  volume: IVolume,
  shown: readonly [number, number]
): number | null {
  const others = volume.axes
    .map(({ name, length }, axis) => ({ axis, length, tuned: isTuned(name) }))
    .filter(({ axis }) => !shown.includes(axis));
  others.sort(
    (one, other) =>
      Number(one.tuned) - Number(other.tuned) || other.length - one.length
  );
  return others.length ? others[0].axis : null;
}

/** Whether an axis holds the results for several values of a parameter. */
export function isTuned(name: string | null): boolean {
  return name?.endsWith('_params') ?? false;
}

/** Whether the axes are those of a scan and its loader's preview: angles, rows, columns. */
export function isScan({ axes, shape }: IVolume): boolean {
  return shape.length === 3 && axes[0].name === 'rotation_angle';
}

/** The plane of a choice, at the indices of another plane or those to begin with. */
export function choose(
  volume: IVolume,
  { shown, walk }: IPlaneChoice,
  at: readonly number[] = volume.first
): IPlane {
  return {
    shown,
    walk,
    at: volume.shape.map((length, axis) =>
      Math.max(0, Math.min(length - 1, at[axis] ?? volume.first[axis]))
    )
  };
}

/** The plane at another index of an axis, which stays inside. */
export function moved(
  volume: IVolume,
  plane: IPlane,
  axis: number,
  index: number
): IPlane {
  const last = volume.shape[axis] - 1;
  const at = [...plane.at];
  at[axis] = Math.max(0, Math.min(last, Math.round(index)));
  return { ...plane, at };
}

/** The plane as the server takes it, for example `:,45,:`. */
export function planeText({ shown, at }: IPlane): string {
  return at
    .map((index, axis) => (shown.includes(axis) ? ':' : String(index)))
    .join(',');
}

/** The plane that a text such as `:,45,:` means; null when the volume has no such plane. */
export function parsePlane(
  volume: IVolume,
  all: readonly IPlaneChoice[],
  text: string
): IPlane | null {
  const entries = text.split(',');
  const isKnown =
    entries.length === volume.shape.length &&
    entries.every(entry => entry === ':' || /^\d+$/.test(entry));
  const shown = entries.flatMap((entry, axis) => (entry === ':' ? axis : []));
  const choice = all.find(
    ({ shown: [row, column] }) =>
      shown.length === 2 && shown[0] === row && shown[1] === column
  );
  return isKnown && choice
    ? choose(
        volume,
        choice,
        entries.map((entry, axis) =>
          entry === ':' ? volume.first[axis] : Number(entry)
        )
      )
    : null;
}

/** The number of rows and columns. */
export function planeShape(volume: IVolume, plane: IPlane): [number, number] {
  const [rows, columns] = plane.shown;
  return [volume.shape[rows], volume.shape[columns]];
}

/** What users read for an axis. */
export function axisName(
  volume: IVolume,
  axis: number,
  trans: TranslationBundle
): string {
  const { name } = volume.axes[axis];
  if (!name) {
    return trans.__('axis %1', axis);
  }
  return name.replace(/_params$/, '').replaceAll('_', ' ');
}

/** Where a position along an axis is, with its unit: an index becomes an angle, for example. */
export function axisValue(
  volume: IVolume,
  axis: number,
  index: number
): string | null {
  const { start, step, values, texts, unit } = volume.axes[axis];
  if (texts) {
    return texts[Math.round(index)] ?? null;
  }
  let value: number | undefined;
  if (start !== null && step !== null) {
    value = start + step * index;
  } else {
    value = values?.[Math.round(index)];
  }
  if (value === undefined) {
    return null;
  }
  return unitText(unit) ? `${short(value)} ${unitText(unit)}` : short(value);
}

/**
 * The index along an axis whose value is nearest to what was typed: a number or, where the values
 * are words, the beginning of one. Null where there is none.
 */
export function nearestIndex(
  { axes }: IVolume,
  axis: number,
  typed: string
): number | null {
  const { length, start, step, values, texts } = axes[axis];
  const text = typed.trim().toLowerCase();
  if (texts) {
    const index = texts.findIndex(one => one.toLowerCase().startsWith(text));
    return text && index >= 0 ? index : null;
  }
  const wanted = Number.parseFloat(text);
  if (!Number.isFinite(wanted)) {
    return null;
  }
  const known =
    values ?? Array.from({ length }, (_, k) => (start ?? 0) + (step ?? 1) * k);
  const distances = known.map(value => Math.abs(value - wanted));
  return distances.indexOf(Math.min(...distances));
}

/** How files write a unit, and how people do. Some name the type of the numbers instead. */
function unitText(unit: string | null): string {
  const known: Record<string, string> = {
    degrees: '°',
    degree: '°',
    deg: '°',
    pixel: 'px',
    pixels: 'px',
    voxels: 'vx',
    voxel: 'vx',
    micron: 'µm',
    microns: 'µm',
    um: 'µm'
  };
  if (!unit || /^(u?int|float)\d*$/.test(unit) || unit === 'unit') {
    return '';
  }
  return known[unit] ?? unit;
}

/** A number as people read it. */
export function short(value: number): string {
  if (!Number.isFinite(value)) {
    return String(value);
  }
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e6 || size < 1e-3)) {
    return value.toExponential(3);
  }
  return String(Number(value.toPrecision(6)));
}

function patternLabel(name: string, trans: TranslationBundle): string {
  const labels: Record<string, string> = {
    PROJECTION: trans.__('Projection'),
    SINOGRAM: trans.__('Sinogram'),
    TANGENTOGRAM: trans.__('Tangentogram'),
    DIFFRACTION: trans.__('Diffraction'),
    VOLUME_XZ: trans.__('Slice XZ'),
    VOLUME_XY: trans.__('Slice XY'),
    VOLUME_YZ: trans.__('Slice YZ')
  };
  return labels[name] ?? name;
}
