import { HTMLSelect, UseSignal } from '@jupyterlab/ui-components';
import React from 'react';

import {
  findLines,
  LogFollower,
  type LogKind,
  markHits,
  withoutDate
} from '../log';
import { useJobs } from './context';

/** Lines that the page holds; the search looks at all of them. */
const LINES = 5000;

/** Pixels from its end within which a log counts as looked at to the end. */
const NEAR_END = 8;

/** The log of a job, which grows while it is looked at. */
export function JobLog(props: {
  id: string;
  isActive: boolean;
  isVisible: boolean;
}): JSX.Element {
  const { id, isActive, isVisible } = props;
  const { client, trans } = useJobs();
  const [kind, setKind] = React.useState<LogKind>('user');
  const [search, setSearch] = React.useState('');
  const [isFollowing, setFollowing] = React.useState(true);
  const [follower, setFollower] = React.useState<LogFollower | null>(null);

  React.useEffect(() => {
    const log = new LogFollower(client, id, kind);
    setFollower(log);
    return () => log.dispose();
  }, [client, id, kind]);
  React.useEffect(() => {
    if (isVisible) {
      follower?.start();
    } else {
      follower?.stop();
    }
  }, [follower, isVisible]);

  return (
    <section className="jp-SavuJobs-log" aria-label={trans.__('Log')}>
      <div className="jp-SavuJobs-logBar">
        <h3 className="jp-SavuJobs-heading">{trans.__('Log')}</h3>
        <HTMLSelect
          aria-label={trans.__('What the log shows')}
          value={kind}
          onChange={event => setKind(event.target.value as LogKind)}
        >
          <option value="user">{trans.__('Messages')}</option>
          <option value="full">{trans.__('Everything')}</option>
        </HTMLSelect>
        <input
          className="jp-mod-styled"
          type="search"
          aria-label={trans.__('Search the log')}
          placeholder={trans.__('Search')}
          value={search}
          onChange={event => setSearch(event.target.value)}
        />
        <label title={trans.__('Keep the newest line in sight')}>
          <input
            type="checkbox"
            checked={isFollowing}
            onChange={event => setFollowing(event.target.checked)}
          />
          {trans.__('Follow')}
        </label>
      </div>
      {follower && (
        <UseSignal signal={follower.changed}>
          {() => (
            <LogText
              follower={follower}
              search={search}
              isActive={isActive}
              isFollowing={isFollowing}
              onFollow={setFollowing}
            />
          )}
        </UseSignal>
      )}
    </section>
  );
}

function LogText(props: {
  follower: LogFollower;
  search: string;
  isActive: boolean;
  isFollowing: boolean;
  onFollow: (isFollowing: boolean) => void;
}): JSX.Element {
  const { follower, search, isActive, isFollowing, onFollow } = props;
  const { trans } = useJobs();
  const node = React.useRef<HTMLDivElement>(null);
  const lines = React.useMemo(
    () => findLines(follower.text, search).map(withoutDate),
    [follower.text, search]
  );

  React.useLayoutEffect(() => {
    if (isFollowing && node.current) {
      node.current.scrollTop = node.current.scrollHeight;
    }
  }, [lines, isFollowing]);

  const onScroll = () => {
    const { scrollTop, scrollHeight, clientHeight } = node.current!;
    onFollow(scrollTop + clientHeight >= scrollHeight - NEAR_END);
  };
  return (
    <>
      {follower.trouble && (
        <p className="jp-SavuJobs-note" role="status">
          {trans.__('The log could not be read: %1', follower.trouble)}
        </p>
      )}
      {search.trim() && (
        <p className="jp-SavuJobs-note" role="status">
          {trans._n('%1 line found', '%1 lines found', lines.length)}
        </p>
      )}
      {(follower.isCut || lines.length > LINES) && (
        <p className="jp-SavuJobs-note">
          {trans.__('Only the end of a long log is shown.')}{' '}
          {follower.isCut && (
            <button
              className="jp-SavuJobs-link"
              onClick={() => void follower.readAll().catch(() => undefined)}
            >
              {trans.__('Read all of it')}
            </button>
          )}
        </p>
      )}
      <div
        className="jp-SavuJobs-logText"
        role="log"
        aria-label={trans.__('Log')}
        // New lines are too many to be read out; the progress bars tell enough.
        aria-live="off"
        tabIndex={0}
        ref={node}
        onScroll={onScroll}
      >
        {lines.slice(-LINES).map((line, index) => (
          <div key={index}>
            {search ? <Hits {...{ line, search }} /> : line}
          </div>
        ))}
        {!follower.text && (
          <div className="jp-SavuJobs-quiet">
            {isActive
              ? trans.__('Nothing has been written yet.')
              : trans.__('The log is empty.')}
          </div>
        )}
      </div>
    </>
  );
}

function Hits(props: { line: string; search: string }): JSX.Element {
  return (
    <>
      {markHits(props.line, props.search).map((part, index) =>
        index % 2 ? <mark key={index}>{part}</mark> : part
      )}
    </>
  );
}
