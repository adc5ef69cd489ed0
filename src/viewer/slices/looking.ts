import type { ILook } from '../../tokens';
import type { SliceModel } from './model';
import { type IPlane, parsePlane, planeShape, planeText } from './planes';
import type { Rectangle } from './values';

/** What programs are told of a view. */
export function lookOf(model: SliceModel): ILook {
  const { colours, isAutomatic, plane, region, slice, volume } = model;
  return {
    dataset: volume.path,
    plane: planeText(plane),
    contrast: slice ? [colours.low, colours.high] : null,
    automatic: isAutomatic,
    region
  };
}

/** Goes where a program says; what the volume does not have is left out. */
export function applyLook(model: SliceModel, look: Partial<ILook>): void {
  const plane =
    look.plane && parsePlane(model.volume, model.choices, look.plane);
  if (plane) {
    go(model, plane);
  }
  if (look.automatic) {
    if (!model.isAutomatic) {
      model.fitContrast(true);
    }
  } else if (look.contrast) {
    const [low, high] = look.contrast;
    model.setColours({ low, high });
  }
  if (look.region !== undefined) {
    model.region = look.region && within(look.region, model);
  }
}

function go(model: SliceModel, plane: IPlane): void {
  const choice = model.choices.find(({ shown }) => shown === plane.shown)!;
  if (model.choice !== choice) {
    model.choosePlane(choice);
  }
  plane.at.forEach((index, axis) => {
    if (!plane.shown.includes(axis)) {
      model.move(axis, index);
    }
  });
}

/** The part of a region that is inside of the plane; null where there is none. */
function within(region: Rectangle, model: SliceModel): Rectangle | null {
  const [rows, columns] = planeShape(model.volume, model.plane);
  const [top, bottom, left, right] = region;
  const inside: Rectangle = [
    Math.max(0, top),
    Math.min(rows, bottom),
    Math.max(0, left),
    Math.min(columns, right)
  ];
  return inside[0] < inside[1] && inside[2] < inside[3] ? inside : null;
}
