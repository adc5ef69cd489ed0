/** What programs can tell of accessibility. */
import AxeBuilder from '@axe-core/playwright';

import { expect, type Lab } from './lab';

/** The rules whose answers differ between themes. */
export const COLOURS = ['color-contrast', 'link-in-text-block'] as const;

/** The serious faults that axe finds in a part of the page, each with its place. */
export async function faults(
  lab: Lab,
  part: string,
  rules?: readonly string[]
): Promise<string[]> {
  await expect(lab.page.locator(part).first()).toBeVisible();
  const axe = new AxeBuilder({ page: lab.page })
    .include(part)
    .options({ resultTypes: ['violations'] })
    // Otherwise each look opens another page; there are no frames of other origins.
    .setLegacyMode();
  const { violations } = await (
    rules ? axe.withRules([...rules]) : axe
  ).analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map(
        ({ target, failureSummary }) =>
          `${id} at ${target.join(' ')}: ${failureSummary}`
      )
    );
}
