// Pictures of every page, to be looked at: end2end/artifacts/*.png (not kept in git).
import { settled } from './fits';
import { ADMINISTRATOR, answer, db, expect, learnerPages, newContest, open, signIn, test } from './world';
import type { Page } from '@playwright/test';

const picture = (page: Page, name: string) => page.screenshot({ path: `artifacts/${name}.png`, fullPage: true });

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme, deviceScaleFactor: 2 });

    test('pictures of the pages of a learner', async ({ page, me }) => {
      for (const [name, path] of learnerPages) {
        await open(page, path);
        await picture(page, `${name}-${colorScheme}`);
      }
      const contest = newContest();
      await page.goto(`/contests/${contest.id}`);
      await picture(page, `contest-${colorScheme}`);
      await page.locator(`form[action="/contests/${contest.id}/attempts"] button`).click();
      await expect(page.getByRole('timer')).toBeVisible();
      await picture(page, `stage-${colorScheme}`);
      db`update contest_attempt set submitted_at = ${Date.now()} where learner_id = ${me.id}`;
      await page.reload();
      await expect(page.locator('.score')).toBeVisible();
      await picture(page, `result-${colorScheme}`);
      await page.goto('/practice');
      await answer(page, await page.locator('input[name=question]').inputValue(), false);
      await page.locator('form.check .dock button').click();
      await expect(page.locator('.verdict')).toBeVisible();
      await settled(page);
      await picture(page, `verdict-${colorScheme}`);
      await page.goto(`/lessons/${db`select id from lesson where kind = 'video' order by id limit 1`[0].id}`);
      await expect(page.locator('video')).toBeVisible();
      await picture(page, `video-${colorScheme}`);
    });

    test('pictures of what is seen before signing in, and of the administration', async ({ page }) => {
      await page.goto('/sign-in');
      await picture(page, `sign-in-${colorScheme}`);
      await signIn(page, ADMINISTRATOR);
      await page.goto('/admin');
      await picture(page, `admin-${colorScheme}`);
    });
  });
}

test.describe('on a desk', () => {
  test.use({ viewport: { width: 1280, height: 800 }, isMobile: false, hasTouch: false });
  test('pictures of the pages that change their shape', async ({ page, me: _ }) => {
    for (const [name, path] of learnerPages) {
      await open(page, path);
      await picture(page, `${name}-desk`);
    }
  });
});
