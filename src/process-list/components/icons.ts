import { LabIcon } from '@jupyterlab/ui-components';

/** Two arrows in opposite directions. */
export const swapIcon = new LabIcon({
  name: 'jupyterlab-savu:swap',
  svgstr: `<svg xmlns="http://www.w3.org/2000/svg" width="16" viewBox="0 0 24 24">
  <path class="jp-icon3" fill="#616161" d="M16 4l5 4.5L16 13V9.500H4v-2h12zM8 11l-5 4.500L8 20v-3.500h12v-2H8z"/>
</svg>`
});

/** One plugin that takes the place of another. */
export const replaceIcon = new LabIcon({
  name: 'jupyterlab-savu:replace',
  svgstr: `<svg xmlns="http://www.w3.org/2000/svg" width="16" viewBox="0 0 24 24">
  <path class="jp-icon3" fill="#616161" d="M3 4h8v6H3zm2 2v2h4V6zm8 8h8v6h-8zM14 5h4a2 2 0 0 1 2 2v2h2l-3 4-3-4h2V7h-4zM10 19H6a2 2 0 0 1-2-2v-2H2l3-4 3 4H6v2h4z"/>
</svg>`
});
