/** The root of files that are open in the browser only; no root of a server has a colon. */
export const LOCAL_ROOT = 'browser:';

/** Such as people read it: 12.3 MiB. */
export function sizeText(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let unit = 0;
  while (bytes >= 1024 && unit < units.length - 1) {
    bytes /= 1024;
    unit++;
  }
  return `${Number(bytes.toPrecision(3))} ${units[unit]}`;
}
