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

/** A list with a line that is still to be filled in. */
export const templateIcon = new LabIcon({
  name: 'jupyterlab-savu:template',
  svgstr: `<svg xmlns="http://www.w3.org/2000/svg" width="16" viewBox="0 0 24 24">
  <g class="jp-icon3" fill="#616161">
    <path d="M4 5h2v2H4zm4 0h12v2H8zM4 17h2v2H4zm4 0h12v2H8z"/>
    <path d="M4 11h2v2H4zm4-1h12v4H8zm1.5 1.5v1h9v-1z"/>
  </g>
</svg>`
});
