import { LabIcon } from '@jupyterlab/ui-components';

/** An icon in the colours of JupyterLab's own, in a square of 24. */
function icon(name: string, body: string): LabIcon {
  return new LabIcon({
    name: `jupyterlab-savu:${name}`,
    svgstr: `<svg xmlns="http://www.w3.org/2000/svg" width="16" viewBox="0 0 24 24">${body}</svg>`
  });
}

const FILL = 'class="jp-icon3" fill="#616161"';

/** Lines, which no theme may fill. */
function lines(path: string, width = 2): string {
  return `<g fill="none" stroke-linecap="round" stroke-linejoin="round" stroke-width="${width}"><path class="jp-icon3" stroke="#616161" d="${path}"/></g>`;
}

/** A ring with a cross through it: an axis of rotation. */
export const centreIcon = icon(
  'centre',
  `<path ${FILL} d="M11 2h2v3.1a7 7 0 0 1 5.9 5.9H22v2h-3.1a7 7 0 0 1-5.9 5.9V22h-2v-3.1A7 7 0 0 1 5.1 13H2v-2h3.1A7 7 0 0 1 11 5.1zm1 5a5 5 0 1 0 0 10 5 5 0 0 0 0-10m-1.2 3.8h2.4v2.4h-2.4z"/>`
);

/** A dashed frame. */
export const regionIcon = icon(
  'region',
  lines(
    'M3 8V5h3M10 5h4M18 5h3v3M21 11v2M21 16v3h-3M14 19h-4M6 19H3v-3M3 13v-2'
  )
);

/** A line between two points. */
export const profileIcon = icon(
  'profile',
  lines('M7.5 16.5l9-9') +
    `<circle ${FILL} cx="5.5" cy="18.5" r="3"/><circle ${FILL} cx="18.5" cy="5.5" r="3"/>`
);

/** Arrows to two corners. */
export const fitIcon = icon(
  'fit',
  lines('M14 4h6v6M20 4l-6.5 6.5M10 20H4v-6M4 20l6.5-6.5')
);

/** A disc that is dark on one side. */
export const invertIcon = icon(
  'invert',
  lines('M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16z') +
    `<path ${FILL} d="M12 4a8 8 0 0 1 0 16z"/>`
);

/** A square, and an arrow around its corner. */
export const rotateIcon = icon(
  'rotate',
  lines('M4 11h9v9H4zM9 5h4a6 6 0 0 1 6 6v3M15.5 11.5 19 15l3.5-3.5')
);

/** A triangle and its mirror image. */
export const flipIcon = icon(
  'flip',
  lines('M12 3v2M12 9v2M12 14v2M12 19v2M8 6v12H3z') +
    `<path ${FILL} stroke-linejoin="round" d="M16 5v14h6z"/>`
);

/** Arrows to two walls. */
export const stretchIcon = icon(
  'stretch',
  lines(
    'M2.5 5v14M21.5 5v14M6.5 12h11M9.5 8.5 6 12l3.5 3.5M14.5 8.5 18 12l-3.5 3.5'
  )
);

/** Two halves of a picture. */
export const compareIcon = icon(
  'compare',
  lines('M3 5h18v14H3z') + `<path ${FILL} d="M12 5h9v14h-9z"/>`
);

/** The bars of a histogram. */
export const figuresIcon = icon(
  'figures',
  `<path ${FILL} d="M3 12h4v8H3zm5-8h4v16H8zm5 5h4v11h-4zm5 6h4v5h-4z"/>`
);

/** An arrow to the left. */
export const backIcon = icon('back', lines('M20 12H5M11 6l-6 6 6 6'));
