import { HTMLSelect } from '@jupyterlab/ui-components';
import React from 'react';

import {
  arrange,
  type IArrangement,
  type JobGrouping,
  type JobOrder,
  type JobRow
} from '../arranging';
import { toggled } from '../comparing';
import type { JobsModel } from '../model';
import { isFinal, isLong, type JobFilter } from '../states';
import { offsetsOf, visibleRows } from '../virtual';
import { Choosing } from './choosing';
import { useJobs, useNow } from './context';
import { JobItem } from './item';

/** How often times are drawn again that are told in minutes, in milliseconds. */
const MINUTES = 20_000;

/** Heights of rows in pixels, as in the style sheet. */
const LOW = 76;
const HIGH = 100;
const HEADING = 30;
/** Pixels that are drawn above and below what is in sight. */
const BEYOND = 600;

/** What of the list is looked at; it stays while the page of a job is in its place. */
export interface IListView {
  arrangement: IArrangement;
  /** Pixels above what is in sight. */
  top: number;
}

/** All jobs: searched, filtered, sorted and in groups. */
export function JobList(props: {
  model: JobsModel;
  isVisible: boolean;
  /** The ids of the jobs that are chosen; null while none are chosen. */
  chosen: readonly string[] | null;
  view: IListView;
}): JSX.Element {
  const { model, isVisible, chosen, view } = props;
  const { actions, trans, words } = useJobs();
  const [arrangement, setArrangement] = React.useState(view.arrangement);
  const { jobs, queues } = model;
  const active = jobs.filter(job => !isFinal(job)).length;
  const now = useNow(isVisible, active > 0 ? 1000 : MINUTES);
  const rows = React.useMemo(
    () => arrange(jobs, arrangement),
    [jobs, arrangement]
  );
  const change = (changes: Partial<IArrangement>) => {
    view.arrangement = { ...arrangement, ...changes };
    setArrangement(view.arrangement);
  };
  return (
    <div className="jp-SavuJobs-all">
      <header className="jp-SavuJobs-header">
        <h2 className="jp-SavuJobs-heading">{trans.__('Jobs')}</h2>
        {actions.comparer && jobs.length > 1 && !chosen && (
          <button
            className="jp-SavuJobs-link"
            title={trans.__(
              'Choose two runs to compare; Ctrl and a click on a job do so, too'
            )}
            onClick={() => actions.choose([])}
          >
            {trans.__('Compare…')}
          </button>
        )}
        <span className="jp-SavuJobs-room">{words.room(queues)}</span>
      </header>
      {jobs.length > 0 && (
        <>
          <FilterBar
            filter={arrangement.filter}
            active={active}
            failed={jobs.filter(job => job.state === 'failed').length}
            onChange={filter => change({ filter })}
          />
          <Order arrangement={arrangement} onChange={change} />
        </>
      )}
      {chosen && (
        <Choosing chosen={chosen.flatMap(id => model.job(id) ?? [])} />
      )}
      <Trouble model={model} />
      {model.isReady && jobs.length === 0 && <Empty />}
      {jobs.length > 0 && rows.length === 0 && (
        <p className="jp-SavuJobs-note">
          {arrangement.search.trim()
            ? trans.__('No job matches.')
            : arrangement.filter === 'active'
              ? trans.__('No job is under way.')
              : trans.__('No job has failed.')}
        </p>
      )}
      <Rows
        rows={rows}
        model={model}
        now={now}
        grouping={arrangement.grouping}
        chosen={chosen}
        view={view}
      />
    </div>
  );
}

/** Only the rows in sight are in the page, however many there are. */
function Rows(props: {
  rows: readonly JobRow[];
  model: JobsModel;
  now: number;
  grouping: JobGrouping;
  chosen: readonly string[] | null;
  view: IListView;
}): JSX.Element {
  const { rows, model, now, grouping, chosen, view } = props;
  const { actions, words } = useJobs();
  const onChoose = React.useCallback(
    (id: string) => actions.choose(toggled(chosen ?? [], id)),
    [actions, chosen]
  );
  const node = React.useRef<HTMLUListElement>(null);
  const [[top, height], setWindow] = React.useState([view.top, 2000]);
  const offsets = React.useMemo(() => offsetsOf(rows.map(heightOf)), [rows]);
  const measure = React.useCallback(() => {
    if (node.current) {
      const { scrollTop, clientHeight } = node.current;
      view.top = scrollTop;
      setWindow([scrollTop, clientHeight]);
    }
  }, [view]);
  React.useLayoutEffect(() => {
    node.current!.scrollTop = view.top;
    const observer = new ResizeObserver(measure);
    observer.observe(node.current!);
    return () => observer.disconnect();
  }, [measure]);
  const [first, end] = visibleRows(offsets, top, height, BEYOND);
  // What has ended is not drawn every second.
  const coarse = MINUTES * Math.floor(now / MINUTES);
  return (
    <ul className="jp-SavuJobs-list" role="list" ref={node} onScroll={measure}>
      <li
        aria-hidden="true"
        role="presentation"
        style={{ height: offsets[first] }}
      />
      {rows.slice(first, end).map((row, index) =>
        row.kind === 'heading' ? (
          <li
            key={`heading ${row.key}`}
            className="jp-SavuJobs-group"
            title={row.key}
          >
            <span className="jp-SavuJobs-groupName">
              {words.group(grouping, row.first)}
            </span>
            <span>{row.count}</span>
          </li>
        ) : (
          <JobItem
            key={row.job.id}
            job={row.job}
            queues={model.queues}
            now={isFinal(row.job) ? coarse : now}
            position={first + index + 1}
            count={rows.length}
            isChosen={chosen && chosen.includes(row.job.id)}
            onChoose={onChoose}
          />
        )
      )}
      <li
        aria-hidden="true"
        role="presentation"
        style={{ height: offsets[rows.length] - offsets[end] }}
      />
    </ul>
  );
}

function heightOf(row: JobRow): number {
  if (row.kind === 'heading') {
    return HEADING;
  }
  return isLong(row.job) ? HIGH : LOW;
}

function Order(props: {
  arrangement: IArrangement;
  onChange: (changes: Partial<IArrangement>) => void;
}): JSX.Element {
  const { arrangement, onChange } = props;
  const { trans } = useJobs();
  const orders: [JobOrder, string][] = [
    ['newest', trans.__('Newest first')],
    ['oldest', trans.__('Oldest first')],
    ['name', trans.__('By list')],
    ['scan', trans.__('By scan')],
    ['state', trans.__('By state')]
  ];
  const groupings: [JobGrouping, string][] = [
    ['none', trans.__('No groups')],
    ['list', trans.__('Group by list')],
    ['scan', trans.__('Group by scan')],
    ['queue', trans.__('Group by queue')],
    ['submission', trans.__('Group by submission')]
  ];
  return (
    <div className="jp-SavuJobs-order">
      <input
        className="jp-mod-styled"
        type="search"
        aria-label={trans.__('Search the jobs')}
        placeholder={trans.__('Search list, scan, queue')}
        value={arrangement.search}
        onChange={event => onChange({ search: event.target.value })}
      />
      <HTMLSelect
        aria-label={trans.__('Order of the jobs')}
        value={arrangement.order}
        onChange={event => onChange({ order: event.target.value as JobOrder })}
      >
        {orders.map(([value, label]) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </HTMLSelect>
      <HTMLSelect
        aria-label={trans.__('Groups of jobs')}
        value={arrangement.grouping}
        onChange={event =>
          onChange({ grouping: event.target.value as JobGrouping })
        }
      >
        {groupings.map(([value, label]) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </HTMLSelect>
    </div>
  );
}

function FilterBar(props: {
  filter: JobFilter;
  active: number;
  failed: number;
  onChange: (filter: JobFilter) => void;
}): JSX.Element {
  const { trans } = useJobs();
  const choices: [JobFilter, string][] = [
    ['all', trans.__('All')],
    ['active', count(trans.__('Active'), props.active)],
    ['failed', count(trans.__('Failed'), props.failed)]
  ];
  return (
    <div
      className="jp-SavuJobs-filter"
      role="group"
      aria-label={trans.__('Which jobs are shown')}
    >
      {choices.map(([filter, label]) => (
        <button
          key={filter}
          aria-pressed={filter === props.filter}
          onClick={() => props.onChange(filter)}
        >
          {label}
        </button>
      ))}
    </div>
  );
}

function count(label: string, number: number): string {
  return number > 0 ? `${label} ${number}` : label;
}

export function Trouble({ model }: { model: JobsModel }): JSX.Element | null {
  const { actions, trans } = useJobs();
  return model.trouble ? (
    <div className="jp-SavuJobs-trouble" role="status">
      <p>
        {model.isReady
          ? trans.__('What is shown may be out of date. %1', model.trouble)
          : model.trouble}
      </p>
      <button className="jp-SavuJobs-link" onClick={actions.retry}>
        {trans.__('Try again')}
      </button>
    </div>
  ) : null;
}

function Empty(): JSX.Element {
  const { trans } = useJobs();
  return (
    <div className="jp-SavuJobs-empty">
      <h3>{trans.__('No jobs yet')}</h3>
      <ol>
        <li>{trans.__('Open a process list.')}</li>
        <li>{trans.__('Choose a scan in its toolbar.')}</li>
        <li>{trans.__('Press Preview: a few rows are done in seconds.')}</li>
      </ol>
      <p>
        {trans.__(
          'What you run is followed here, and goes on when you close the browser.'
        )}
      </p>
    </div>
  );
}
