import { LabIcon } from '@jupyterlab/ui-components';

/** Frames of a scan behind each other. */
export const dataIcon = new LabIcon({
  name: 'jupyterlab-savu:data',
  svgstr: `<svg xmlns="http://www.w3.org/2000/svg" width="16" viewBox="0 0 24 24">
  <g class="jp-icon3" fill="#616161">
    <path d="M12 3 2 8l10 5 10-5zm0 2.2L17.6 8 12 10.8 6.4 8z"/>
    <path d="m4.2 10.9-2.2 1.1 10 5 10-5-2.2-1.1L12 14.8z"/>
    <path d="m4.2 14.9-2.2 1.1 10 5 10-5-2.2-1.1L12 18.8z"/>
  </g>
</svg>`
});
