import { LabIcon } from '@jupyterlab/ui-components';

/** A stack of slices. */
export const dataIcon = new LabIcon({
  name: 'jupyterlab-savu:data',
  svgstr:
    '<svg xmlns="http://www.w3.org/2000/svg" width="16" height="16" viewBox="0 0 16 16"><path class="jp-icon3" fill="#616161" d="M8 1.5 14.5 5 8 8.5 1.5 5zM3 7.3l5 2.7 5-2.7 1.500.7L8 11.500 1.500 8zM3 10.3l5 2.7 5-2.7 1.500.7L8 14.500 1.500 11z"/></svg>'
});

/** A ring with a cross through it: an axis of rotation. */
export const centreIcon = new LabIcon({
  name: 'jupyterlab-savu:centre',
  svgstr: `<svg xmlns="http://www.w3.org/2000/svg" width="16" viewBox="0 0 24 24">
  <path class="jp-icon3" fill="#616161" d="M11 2h2v3.1a7 7 0 0 1 5.9 5.9H22v2h-3.1a7 7 0 0 1-5.9 5.9V22h-2v-3.1A7 7 0 0 1 5.1 13H2v-2h3.1A7 7 0 0 1 11 5.1zm1 5a5 5 0 1 0 0 10 5 5 0 0 0 0-10m-1.2 3.8h2.4v2.4h-2.4z"/>
</svg>`
});
