import type { IVolume } from '../../api';
import { choose, type IPlane, type IPlaneChoice, moved } from './planes';

/** Planes of projections and of volumes that show the same row of the detector. */
const SAME: Record<string, string> = {
  SINOGRAM: 'VOLUME_XZ',
  VOLUME_XZ: 'SINOGRAM'
};

/** A volume with its planes, and the one that is looked at. */
export interface ILooked {
  readonly volume: IVolume;
  readonly choices: readonly IPlaneChoice[];
  readonly choice: IPlaneChoice;
  readonly plane: IPlane;
}

/**
 * The plane of a volume that shows what is shown of another one: the same pattern at the same
 * place, or the slice that was made of a sinogram. The plane stays where there is no such one.
 */
export function planeLike(own: ILooked, other: ILooked): IPlane {
  const named = (name: string | undefined) =>
    own.choices.find(choice => choice.name === name);
  const choice = named(other.choice.name) ?? named(SAME[other.choice.name]);
  if (!choice) {
    return own.plane;
  }
  const plane = choose(own.volume, choice, own.plane.at);
  const from = other.plane.walk;
  if (choice.walk === null || from === null) {
    return plane;
  }
  const { start, step } = loadedOf(other.volume, from);
  const { start: first, step: pace } = loadedOf(own.volume, choice.walk);
  const index = (other.plane.at[from] - start) / step;
  return moved(own.volume, plane, choice.walk, first + index * pace);
}

/** What a run loaded of an axis: all, unless it says otherwise. */
function loadedOf(volume: IVolume, axis: number) {
  return volume.loaded?.[axis] ?? { start: 0, step: 1 };
}
