/** `npm test`: sets up, runs the parts and adds up their results. */
import { parts, stages } from './parts.mjs';
import { say, Trouble } from './report.mjs';
import { setUp } from './setup.mjs';
import { systemPackages } from './system.mjs';

async function runLane(names) {
  const results = [];
  for (const name of names) {
    results.push(...(await parts[name]()));
  }
  return results;
}

/** Runs the parts named on the command line, or all. */
export async function main(names) {
  const unknown = names.find(name => !(name in parts));
  if (unknown) {
    throw new Trouble(
      `There is no part ${unknown}; there are ${Object.keys(parts).join(', ')}.`
    );
  }
  const wanted = name => names.length === 0 || names.includes(name);
  await systemPackages({
    browser: wanted('ui'),
    database: wanted('server'),
    schedulers: wanted('schedulers')
  });
  await setUp('test', 'examples');

  const results = [];
  for (const lanes of stages) {
    const done = await Promise.all(
      lanes.map(lane => runLane(lane.filter(wanted)))
    );
    results.push(...done.flat());
  }

  const sum = key => results.reduce((total, result) => total + result[key], 0);
  for (const { name, note } of results.filter(result => result.note)) {
    say(`${name}: ${note}`);
  }
  const strict = process.env.CI === 'true';
  if (strict && sum('skipped') > 0) {
    say('Skipped tests count as failed here.');
  }
  if (sum('failed') > 0 || (strict && sum('skipped') > 0)) {
    process.exitCode = 1;
  }
  console.log(
    `${sum('passed')} passed, ${sum('failed')} failed, ${sum('skipped')} skipped`
  );
}
