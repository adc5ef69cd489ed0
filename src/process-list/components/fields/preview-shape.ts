import { useEffect, useState } from 'react';

import type { IPreviewShape } from '../../../api';
import { useHost } from './host';

/** So long after the last change the server is asked. */
const DELAY_MS = 150;

/**
 * What a preview (JSON text) takes of the scan; null where the server cannot tell, and undefined
 * until it has answered.
 * Of data with another shape, no lengths are known.
 */
export function usePreviewShape(
  preview: string
): IPreviewShape | null | undefined {
  const { client, scan, dataPath, loaded, reshapedBy } = useHost();
  const [taken, setTaken] = useState<IPreviewShape | null>();
  const question = JSON.stringify({
    preview,
    data: reshapedBy === null ? scan : null,
    data_path: dataPath,
    loaded
  });
  useEffect(() => {
    let isCurrent = true;
    const timer = window.setTimeout(
      () =>
        client.readPreview(JSON.parse(question)).then(
          told => isCurrent && setTaken(told),
          // The check of the list tells what is wrong.
          () => isCurrent && setTaken(null)
        ),
      taken ? DELAY_MS : 0
    );
    return () => {
      isCurrent = false;
      window.clearTimeout(timer);
    };
  }, [client, question]);
  return taken;
}
