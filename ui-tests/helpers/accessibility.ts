/** What programs can tell of accessibility. */
import AxeBuilder from '@axe-core/playwright';

import { expect, type Lab } from './lab';

/** The serious faults that axe finds in a part of the page, each with its place. */
export async function faults(lab: Lab, part: string): Promise<string[]> {
  await expect(lab.page.locator(part).first()).toBeVisible();
  const { violations } = await new AxeBuilder({ page: lab.page })
    .include(part)
    .analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map(
        ({ target, failureSummary }) =>
          `${id} at ${target.join(' ')}: ${failureSummary}`
      )
    );
}
