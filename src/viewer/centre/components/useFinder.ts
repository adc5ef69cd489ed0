import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

import type { SliceModel } from '../../slices/model';
import { isScan } from '../../slices/planes';
import { CentreFinder } from '../finder';
import type { ICentreServices } from '../services';

/** The search for a centre, beside the slices of a scan. */
export interface IFinderUse {
  /** Null while the slices are shown. */
  finder: CentreFinder | null;
  open: () => void;
  close: () => void;
}

/**
 * Keeps the search for the centre of a scan as long as the scan is shown; null for other data.
 * Afterwards the picture in `node` has the focus again.
 */
export function useFinder(
  model: SliceModel,
  services: (() => ICentreServices) | null,
  trans: TranslationBundle,
  node: React.RefObject<HTMLElement>
): IFinderUse | null {
  const [isOpen, setOpen] = React.useState(false);
  const wasOpen = React.useRef(false);
  React.useEffect(() => {
    if (wasOpen.current && !isOpen) {
      // Who came by a key goes on by keys.
      const picture = node.current?.querySelector('.jp-SavuSlices-picture');
      (picture as HTMLElement | null)?.focus();
    }
    wasOpen.current = isOpen;
  }, [isOpen]);
  const known = React.useRef<CentreFinder | null>(null);
  React.useEffect(
    () => () => {
      known.current?.dispose();
      known.current = null;
      setOpen(false);
    },
    [model]
  );
  if (!services || !isScan(model.volume)) {
    return null;
  }
  return {
    finder: isOpen ? known.current : null,
    open: () => {
      if (!known.current) {
        const { source, volume } = model;
        known.current = new CentreFinder(source, volume, services(), trans);
        void known.current.start();
      }
      setOpen(true);
    },
    close: () => setOpen(false)
  };
}
