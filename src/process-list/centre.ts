import type { IPlugin, IProcessList } from '../api';
import { entriesOf, loaderOf } from './loading';

const CENTRE = 'centre_of_rotation';
/** The third entry of a scan's preview. */
const COLUMNS = 2;

/** Plugins that measure a centre, which then counts instead of the reconstruction's own. */
const MEASURES = /^savu\.plugins\.centering\./;

/** Plugins behind which a column is not that of the scan any more. */
const MOVES =
  /^savu\.plugins\.(reshape|alignment)\.|^(CameraRotCorrection|Convert360180Sinogram|DistortionCorrection|Rotate90|SubpixelShift)$/;

/** Which columns of a scan a list loads. */
interface IColumns {
  first: number;
  step: number;
}

/** The first active plugin that takes a centre of rotation; -1 where there is none. */
export function reconstructionOf({ plugins }: IProcessList): number {
  return plugins.findIndex(
    ({ active, parameters }) => active && CENTRE in parameters
  );
}

/** The active plugins before the reconstruction that measure a centre. */
export function measuringOf(list: IProcessList): number[] {
  return before(list).flatMap(({ id }, index) =>
    MEASURES.test(id) && list.plugins[index].active ? index : []
  );
}

/** The active plugin before the reconstruction that moves the columns, if there is one. */
export function moverOf(list: IProcessList): IPlugin | null {
  return (
    before(list).find(
      ({ active, id, name }) => active && (MOVES.test(id) || MOVES.test(name))
    ) ?? null
  );
}

/** The columns that the loader takes; null where its preview does not say so in numbers. */
export function columnsOf(list: IProcessList): IColumns | null {
  const preview = list.plugins[loaderOf(list)]?.parameters.preview ?? '[]';
  const entries = entriesOf(preview);
  const entry = entries && (entries[COLUMNS] ?? ':').replace(/\s/g, '');
  if (entry === ':') {
    return { first: 0, step: 1 };
  }
  const numbers = entry?.match(/^(\d+):(?:\d+|end)(?::(\d+))?$/);
  return numbers
    ? { first: Number(numbers[1]), step: Number(numbers[2] ?? 1) || 1 }
    : null;
}

/**
 * What a reconstruction takes for a column of the scan, as JSON text.
 *
 * @param centre - counted from 0 in the whole frame.
 */
export function centreText(centre: number, { first, step }: IColumns): string {
  const loaded = Math.round(((centre - first) / step) * 100) / 100;
  return Number.isInteger(loaded) ? `${loaded}.0` : String(loaded);
}

/** The column of the scan that a list reconstructs around; null where a plugin measures it. */
export function centreOf(list: IProcessList): number | null {
  const columns = columnsOf(list);
  const text = list.plugins[reconstructionOf(list)]?.parameters[CENTRE];
  const value: unknown = text === undefined ? null : JSON.parse(text);
  return typeof value === 'number' &&
    value !== 0 &&
    columns &&
    measuringOf(list).length === 0
    ? columns.first + value * columns.step
    : null;
}

/**
 * The list as far as its reconstruction, which runs with several centres. Plugins that measure
 * one are off.
 */
export function trialOf(
  list: IProcessList,
  centres: readonly number[],
  columns: IColumns
): IProcessList {
  const end = reconstructionOf(list);
  const measuring = measuringOf(list);
  const values = centres.map(centre => centreText(centre, columns));
  const plugins = list.plugins
    .slice(0, end + 1)
    .map((plugin, index) =>
      measuring.includes(index) ? { ...plugin, active: false } : plugin
    );
  const { parameters } = plugins[end];
  plugins[end] = {
    ...plugins[end],
    parameters: { ...parameters, [CENTRE]: JSON.stringify(values.join(';')) }
  };
  const groups = list.groups?.filter(group => group.end <= end + 1);
  return { ...list, plugins, groups };
}

function before(list: IProcessList): readonly IPlugin[] {
  return list.plugins.slice(0, Math.max(0, reconstructionOf(list)));
}
