import type { JobState } from '../../api';
import { stateIcon } from '../icons';
import { before, job } from './jobs';

const STATES: JobState[] = [
  'queued',
  'starting',
  'running',
  'finishing',
  'succeeded',
  'failed',
  'cancelled'
];

const icons = [
  ...STATES.map(state => stateIcon(job({ state }))),
  stateIcon(job({ stale_since: before(60) }))
];

describe('the icons of the states', () => {
  it('are pictures that a browser can draw', () => {
    for (const { svgstr, name } of icons) {
      const { documentElement } = new DOMParser().parseFromString(
        svgstr,
        'image/svg+xml'
      );
      expect([name, documentElement.tagName]).toEqual([name, 'svg']);
    }
  });

  it('differ in shape, so that no colour is needed to tell them apart', () => {
    expect(new Set(icons.map(({ svgstr }) => svgstr)).size).toBe(icons.length);
  });
});
