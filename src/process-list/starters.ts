import type { TranslationBundle } from '@jupyterlab/translation';

/** A list that many begin with. */
export interface IStarter {
  title: string;
  text: string;
  plugins: readonly string[];
}

export function starters(trans: TranslationBundle): IStarter[] {
  return [
    {
      title: trans.__('Reconstruct a scan'),
      text: trans.__(
        'Load, correct by dark and flat fields, find the centre, filtered back projection'
      ),
      plugins: [
        'NxtomoLoader',
        'DarkFlatFieldCorrection',
        'VoCentering',
        'AstraReconCpu'
      ]
    },
    {
      title: trans.__('Reconstruct without rings'),
      text: trans.__(
        'The same, with the stripes taken out of the sinograms that become rings'
      ),
      plugins: [
        'NxtomoLoader',
        'DarkFlatFieldCorrection',
        'RingRemovalSorting',
        'VoCentering',
        'AstraReconCpu'
      ]
    },
    {
      title: trans.__('Phase contrast'),
      text: trans.__(
        'The same, with a phase filter of the projections before the centre is found'
      ),
      plugins: [
        'NxtomoLoader',
        'DarkFlatFieldCorrection',
        'PaganinFilter',
        'VoCentering',
        'AstraReconCpu'
      ]
    }
  ];
}
