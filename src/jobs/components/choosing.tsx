import React from 'react';

import type { IJob } from '../../api';
import { useJobs } from './context';

/** What is done with the jobs that are chosen in the list. */
export function Choosing({ chosen }: { chosen: readonly IJob[] }): JSX.Element {
  const { actions, trans, words } = useJobs();
  const [one, other] = chosen;
  return (
    <div
      className="jp-SavuJobs-choosing"
      role="group"
      aria-label={trans.__('Compare runs')}
    >
      <p role="status">
        {!one
          ? trans.__('Choose two runs to compare.')
          : !other
            ? trans.__('Choose another run to compare %1 with.', words.run(one))
            : trans.__('%1 and %2', words.run(one), words.run(other))}
      </p>
      <div className="jp-SavuJobs-buttons">
        <button
          className="jp-SavuButton jp-mod-primary"
          disabled={!other}
          onClick={() => void actions.comparer?.lists(one, other)}
        >
          {trans.__('Compare lists')}
        </button>
        <button
          className="jp-SavuButton jp-mod-outlined"
          disabled={!other || !actions.comparer?.haveResults(one, other)}
          title={trans.__('Look at the results of both, slice by slice')}
          onClick={() => void actions.comparer?.results(one, other)}
        >
          {trans.__('Compare results')}
        </button>
        <button
          className="jp-SavuButton jp-mod-outlined"
          onClick={() => actions.choose(null)}
        >
          {trans.__('Close')}
        </button>
      </div>
    </div>
  );
}
