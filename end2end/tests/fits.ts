// What every page on a phone keeps to.
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect } from './world';

export const settled = (page: Page) => page.waitForTimeout(350); // the page before has faded out

/** Nothing of the page is wider than the phone, whatever is touched is large enough, and axe finds no fault. */
export async function fits(page: Page) {
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  const small = await page.locator('main :is(button, a.button, select, .ticks label, main input:not([type=checkbox], [type=radio], [type=hidden])):visible:not(.visually-hidden)')
    .evaluateAll(all => all.filter(e => e.getBoundingClientRect().height < 44).map(e => e.outerHTML.slice(0, 120)));
  expect(small).toEqual([]);
  await page.locator('html').evaluate(e => e.setAttribute('data-type', '150'));
  expect(await page.evaluate(() => document.documentElement.scrollWidth), 'with big type').toBeLessThanOrEqual(390);
  await page.locator('html').evaluate(e => e.removeAttribute('data-type'));
  await settled(page);
  // axe takes what the bars lie over for covered, so it sees the page at its whole height.
  await page.setViewportSize({ width: 390, height: await page.evaluate(() => document.documentElement.scrollHeight + 200) });
  const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']).analyze();
  expect(violations.flatMap(v => v.nodes.map(n => `${v.id}: ${n.target.join(' ')}`))).toEqual([]);
  await page.setViewportSize({ width: 390, height: 844 });
}
