import { LabIcon } from '@jupyterlab/ui-components';

/** A stack of slices. */
export const dataIcon = new LabIcon({
  name: 'jupyterlab-savu:data',
  svgstr:
    '<svg xmlns="http://www.w3.org/2000/svg" width="16" height="16" viewBox="0 0 16 16"><path class="jp-icon3" fill="#616161" d="M8 1.5 14.5 5 8 8.5 1.5 5zM3 7.3l5 2.7 5-2.7 1.500.7L8 11.500 1.500 8zM3 10.3l5 2.7 5-2.7 1.500.7L8 14.500 1.500 11z"/></svg>'
});
