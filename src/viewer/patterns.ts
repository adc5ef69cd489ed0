/**
 * Savu's patterns of a picture, the most telling one first: the order in which the server tells
 * them, for what is read without it.
 */
export const TELLING: readonly string[] = [
  'VOLUME_XZ',
  'DIFFRACTION',
  'PROJECTION',
  'SINOGRAM',
  'VOLUME_XY',
  'VOLUME_YZ',
  'TANGENTOGRAM'
];

/** The place of a pattern in that order; others come last. */
export function rank({ name }: { name: string }): number {
  const index = TELLING.indexOf(name);
  return index < 0 ? TELLING.length : index;
}
