import { LabIcon } from '@jupyterlab/ui-components';

import type { IJob, JobState } from '../api';

/** A 16 x 16 icon in the colour of the text around it. */
function icon(name: string, body: string): LabIcon {
  return new LabIcon({
    name: `jupyterlab-savu:${name}`,
    svgstr: `<svg xmlns="http://www.w3.org/2000/svg" width="16" height="16" viewBox="0 0 16 16">${body}</svg>`
  });
}

const STROKE =
  'fill="none" stroke="currentColor" stroke-linecap="round" stroke-linejoin="round"';
const LINE = `${STROKE} stroke-width="1.5"`;

const clockIcon = icon(
  'job-waiting',
  `<circle cx="8" cy="8" r="6" ${LINE}/><path d="M8 4.5V8l2.5 1.5" ${LINE}/>`
);
const startingIcon = icon(
  'job-starting',
  `<path d="M4.5 2.5h7M4.5 13.5h7M5.5 2.5c0 3 5 4 5 5.5s-5 2.5-5 5.5M10.5 2.5c0 3-5 4-5 5.5s5 2.5 5 5.5" ${LINE}/>`
);
const runningIcon = icon(
  'job-running',
  '<path d="M4.5 2.7v10.6c0 .6.6 .9 1.1 .6l8-5.3c.4-.3.4-.9 0-1.2l-8-5.3c-.5-.3-1.1 0-1.1.6z" fill="currentColor"/>'
);
const finishingIcon = icon(
  'job-finishing',
  `<path d="M8 2v7M5 6.5 8 9.5l3-3M2.5 11.5v2h11v-2" ${LINE}/>`
);
const succeededIcon = icon(
  'job-succeeded',
  '<path fill="currentColor" fill-rule="evenodd" d="M8 1.3a6.7 6.7 0 1 1 0 13.4A6.7 6.7 0 0 1 8 1.3zm3.9 4.3-1.1-1-3.7 4.1-1.9-1.8-1 1.1 3 2.9z"/>'
);
const failedIcon = icon(
  'job-failed',
  '<path fill="currentColor" fill-rule="evenodd" d="M5.3 1.5h5.4l3.8 3.8v5.4l-3.8 3.8H5.3l-3.8-3.8V5.3zM5.6 4.5 4.5 5.6 6.9 8l-2.4 2.4 1.1 1.1L8 9.1l2.4 2.4 1.1-1.1L9.1 8l2.4-2.4-1.1-1.1L8 6.9z"/>'
);
const cancelledIcon = icon(
  'job-cancelled',
  `<circle cx="8" cy="8" r="6" ${LINE}/><path d="m4 12 8-8" ${LINE}/>`
);
const staleIcon = icon(
  'job-stale',
  `<path d="M8 1.2 14.8 8 8 14.8 1.2 8z" ${LINE}/><path d="M6.5 6.7a1.5 1.5 0 1 1 2.2 1.3c-.5.3-.7.6-.7 1" ${STROKE} stroke-width="1.2"/><circle cx="8" cy="10.9" r=".8" fill="currentColor"/>`
);

/** The side panel's icon: bars that grow. */
export const jobsIcon = icon(
  'jobs',
  '<g class="jp-icon3" fill="#616161"><rect x="1.5" y="2.5" width="13" height="2.5" rx="1"/><rect x="1.5" y="6.75" width="9" height="2.5" rx="1"/><rect x="1.5" y="11" width="5" height="2.5" rx="1"/></g>'
);

const ICONS: Record<JobState, LabIcon> = {
  created: clockIcon,
  queued: clockIcon,
  starting: startingIcon,
  running: runningIcon,
  finishing: finishingIcon,
  succeeded: succeededIcon,
  failed: failedIcon,
  cancelled: cancelledIcon
};

/** Every state has its own shape, so that its colour is not needed to tell it. */
export function stateIcon(job: IJob): LabIcon {
  return job.stale_since ? staleIcon : ICONS[job.state];
}
