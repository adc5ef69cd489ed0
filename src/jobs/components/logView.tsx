import { HTMLSelect, UseSignal } from '@jupyterlab/ui-components';
import React from 'react';

import { download } from '../../download';
import { LogFollower, type LogKind, markHits, withoutDate } from '../log';
import {
  filterLines,
  type ILogFilter,
  type LogLevel,
  hasLevels,
  stepsOf,
  wholeLog
} from '../logLines';
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
  const [filter, setFilter] = React.useState<ILogFilter>({
    search: '',
    level: null,
    step: null
  });
  const [trouble, setTrouble] = React.useState<string | null>(null);
  const save = () => {
    setTrouble(null);
    wholeLog(client, id, kind)
      .then(text => download(new Blob([text]), `${id}-${kind}.log`))
      .catch(error => setTrouble(String(error?.message ?? error)));
  };
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
          onChange={event => {
            setKind(event.target.value as LogKind);
            // Messages have no level, and the other log may tell of other steps.
            setFilter({ ...filter, level: null, step: null });
          }}
        >
          <option value="user">{trans.__('Messages')}</option>
          <option value="full">{trans.__('Everything')}</option>
        </HTMLSelect>
        {follower && (
          <UseSignal key={follower.log} signal={follower.changed}>
            {() => (
              <>
                <Levels
                  text={follower.text}
                  level={filter.level}
                  onChange={level => setFilter({ ...filter, level })}
                />
                <LogSteps
                  text={follower.text}
                  step={filter.step}
                  onChange={step => setFilter({ ...filter, step })}
                />
              </>
            )}
          </UseSignal>
        )}
        <input
          className="jp-mod-styled"
          type="search"
          aria-label={trans.__('Search the log')}
          placeholder={trans.__('Search')}
          value={filter.search}
          onChange={event =>
            setFilter({ ...filter, search: event.target.value })
          }
        />
        <label title={trans.__('Keep the newest line in sight')}>
          <input
            type="checkbox"
            checked={isFollowing}
            onChange={event => setFollowing(event.target.checked)}
          />
          {trans.__('Follow')}
        </label>
        <button className="jp-SavuJobs-link" onClick={save}>
          {trans.__('Download log')}
        </button>
      </div>
      {trouble && (
        <p className="jp-SavuJobs-note" role="alert">
          {trans.__('The log could not be downloaded: %1', trouble)}
        </p>
      )}
      {follower && (
        <UseSignal key={follower.log} signal={follower.changed}>
          {() => (
            <LogText
              follower={follower}
              filter={filter}
              isActive={isActive}
              isFollowing={isFollowing}
              onFollow={setFollowing}
              onAllSteps={() => setFilter({ ...filter, step: null })}
            />
          )}
        </UseSignal>
      )}
    </section>
  );
}

function Levels(props: {
  text: string;
  level: LogLevel | null;
  onChange: (level: LogLevel | null) => void;
}): JSX.Element | null {
  const { trans } = useJobs();
  const isKnown = React.useMemo(() => hasLevels(props.text), [props.text]);
  if (!isKnown) {
    return null;
  }
  const names: [LogLevel, string][] = [
    ['INFO', trans.__('No debugging')],
    ['USER', trans.__('Messages to users')],
    ['WARNING', trans.__('Warnings and errors')],
    ['ERROR', trans.__('Errors')]
  ];
  return (
    <HTMLSelect
      aria-label={trans.__('Level of the log')}
      value={props.level ?? ''}
      onChange={event =>
        props.onChange((event.target.value || null) as LogLevel | null)
      }
    >
      <option value="">{trans.__('All levels')}</option>
      {names.map(([level, name]) => (
        <option key={level} value={level}>
          {name}
        </option>
      ))}
    </HTMLSelect>
  );
}

function LogSteps(props: {
  text: string;
  step: number | null;
  onChange: (step: number | null) => void;
}): JSX.Element | null {
  const { trans } = useJobs();
  const steps = React.useMemo(() => stepsOf(props.text), [props.text]);
  return steps.length > 0 ? (
    <HTMLSelect
      aria-label={trans.__('Step of the log')}
      value={props.step ?? ''}
      onChange={({ target }) =>
        props.onChange(target.value ? Number(target.value) : null)
      }
    >
      <option value="">{trans.__('All steps')}</option>
      {steps.map((name, index) => (
        <option key={index} value={index}>
          {name}
        </option>
      ))}
    </HTMLSelect>
  ) : null;
}

function LogText(props: {
  follower: LogFollower;
  filter: ILogFilter;
  isActive: boolean;
  isFollowing: boolean;
  onFollow: (isFollowing: boolean) => void;
  onAllSteps: () => void;
}): JSX.Element {
  const { follower, filter, isActive, isFollowing, onFollow, onAllSteps } =
    props;
  const { search, level, step } = filter;
  const { trans } = useJobs();
  const node = React.useRef<HTMLDivElement>(null);
  const lines = React.useMemo(
    () => filterLines(follower.text, filter),
    [follower.text, filter]
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
      {(search.trim() || level !== null || step !== null) && (
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
              onClick={() => {
                // Steps are counted from the first line that has been read.
                onAllSteps();
                void follower.readAll().catch(() => undefined);
              }}
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
        {lines
          .slice(-LINES)
          .map(withoutDate)
          .map((line, index) => (
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
