/** What the scripts print while they work. */

const began = Date.now();

export function seconds(since) {
  return `${Math.round((Date.now() - since) / 1000)} s`;
}

/** Prints a line after the time since the start. */
export function say(text) {
  console.log(`[${seconds(began).padStart(6)}] ${text}`);
}

const heartbeat = 20_000;

/** Does some work between two lines, and shows that it goes on. */
export async function timed(title, work) {
  const start = Date.now();
  say(`${title} …`);
  const timer = setInterval(
    () => say(`${title}: at it for ${seconds(start)}`),
    heartbeat
  );
  try {
    const answer = await work();
    say(`${title}: done in ${seconds(start)}`);
    return answer;
  } finally {
    clearInterval(timer);
  }
}

/** Something that the person at the keyboard can put right. */
export class Trouble extends Error {}

/** Ends the script with one message for what went wrong. */
export function giveUp(error) {
  const known = error instanceof Trouble;
  console.error(`\n${known ? error.message : (error.stack ?? error)}`);
  process.exit(1);
}
